import { Duration, Failure } from '../../cel/index.ts';
import { addQuantities, approximate, negate, Quantity } from '../../cel/quantity.ts';
import { formatQuantity } from '../../cel/quantity-text.ts';
import {
  JmesPathError,
  type JmesPathFunctions,
  listIn,
  numberIn,
  STANDARD_FUNCTIONS,
  textIn,
} from '../jmespath/index.ts';
import { durationIn, quantityIn, writeDuration } from './scalars.ts';

/** A number, a duration or a quantity: what Kyverno's arithmetic knows. */
type Scalar = number | Duration | Quantity;

function scalarIn(value: unknown): Scalar {
  if (typeof value === 'number') return value;
  const text = textIn(value);
  const scalar = durationIn(text) ?? quantityIn(text);
  if (scalar === undefined)
    throw new JmesPathError(`neither a number nor a duration nor a quantity: ${text.slice(0, 40)}`);
  return scalar;
}

function write(value: Scalar): number | string {
  if (typeof value === 'number') return value;
  return value instanceof Duration ? writeDuration(value.$nanos) : formatQuantity(value);
}

const mismatch = (): never => {
  throw new JmesPathError('the operands are of different types');
};

function plus(a: Scalar, b: Scalar, sign: 1 | -1): Scalar {
  if (typeof a === 'number' && typeof b === 'number') return a + sign * b;
  if (a instanceof Duration && b instanceof Duration) return new Duration(a.$nanos + BigInt(sign) * b.$nanos);
  if (!(a instanceof Quantity) || !(b instanceof Quantity)) return mismatch();
  const sum = addQuantities(a, sign === 1 ? b : negate(b));
  if (sum instanceof Failure) throw new JmesPathError('the quantities are too far apart');
  return sum as Quantity;
}

/** In seconds, or in the unit of the quantity. */
const magnitude = (value: Scalar): number => {
  if (typeof value === 'number') return value;
  return value instanceof Duration ? Number(value.$nanos) / 1e9 : approximate(value);
};

/** A scalar of the kind of another, of a given size. */
function like(model: Scalar, size: number): Scalar {
  if (!Number.isFinite(size)) throw new JmesPathError('the result is no number');
  if (typeof model === 'number') return size;
  if (model instanceof Duration) return new Duration(BigInt(Math.round(size * 1e9)));
  return quantityIn(Number.isInteger(size) ? String(size) : `${Math.round(size * 1000)}m`) ?? mismatch();
}

function times(a: Scalar, b: Scalar): Scalar {
  if (typeof b === 'number') return like(a, magnitude(a) * b);
  return typeof a === 'number' ? like(b, a * magnitude(b)) : mismatch();
}

function divide(a: Scalar, b: Scalar): Scalar {
  const divisor = magnitude(b);
  if (divisor === 0) throw new JmesPathError('division by zero');
  if (typeof b === 'number') return like(a, magnitude(a) / divisor);
  return typeof a === 'number' || a.constructor !== b.constructor ? mismatch() : magnitude(a) / divisor;
}

function modulo(a: Scalar, b: Scalar): Scalar {
  const divisor = magnitude(b);
  if (divisor === 0) throw new JmesPathError('division by zero');
  return typeof a === typeof b ? like(a, magnitude(a) % divisor) : mismatch();
}

const on =
  (compute: (a: Scalar, b: Scalar) => Scalar) =>
  ([a, b]: readonly unknown[]): unknown =>
    write(compute(scalarIn(a), scalarIn(b)));

/** Arithmetic on numbers, durations and quantities. */
export const ARITHMETIC: JmesPathFunctions = {
  add: on((a, b) => plus(a, b, 1)),
  subtract: on((a, b) => plus(a, b, -1)),
  multiply: on(times),
  divide: on(divide),
  modulo: on(modulo),
  sum: (operands, evaluation) => {
    const list = listIn(operands[0]);
    if (list.every((item) => typeof item === 'number')) return STANDARD_FUNCTIONS['sum']?.(operands, evaluation);
    return write(list.map(scalarIn).reduce((sum, item) => plus(sum, item, 1)));
  },
  round: ([value, digits]) => Number(numberIn(value).toFixed(Math.min(20, Math.max(0, numberIn(digits))))),
};
