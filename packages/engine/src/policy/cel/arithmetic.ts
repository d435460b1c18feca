import { charge, type Evaluator, type Frame, labour, traversal } from './frame.ts';
import { int, isInt, uint } from './numbers.ts';
import { addDurations, addToTimestamp, subtractTimestamps } from './time.ts';
import { CelError, Double, Duration, noSuchOverload, Timestamp, Uint, type Value } from './values.ts';

type Operator = '+' | '-' | '*' | '/' | '%';

const ON_INTEGERS: Record<Operator, (a: bigint, b: bigint) => bigint> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

const ON_NUMBERS: Record<Operator, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => Math.trunc(a / b),
  '%': (a, b) => a % b,
};

/** Whole numbers of any size; division rounds towards zero. */
function onIntegers(operator: Operator, a: bigint, b: bigint, result: (value: bigint) => Value): Value {
  if (b === 0n && operator === '/') return new CelError('division by zero');
  if (b === 0n && operator === '%') return new CelError('modulus by zero');
  return result(ON_INTEGERS[operator](a, b));
}

function onDoubles(operator: Operator, a: number, b: number): Value {
  if (operator === '%') return noSuchOverload('_%_', new Double(a), new Double(b));
  return new Double(operator === '/' ? a / b : ON_NUMBERS[operator](a, b));
}

function concatenate(a: Value, b: Value, frame: Frame): Value {
  if (typeof a === 'string' && typeof b === 'string') {
    charge(frame, traversal(a.length + b.length));
    return a + b;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    labour(frame, traversal(a.length + b.length));
    return a.length === 0 ? b : b.length === 0 ? a : a.concat(b);
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    charge(frame, traversal(a.length + b.length));
    const joined = new Uint8Array(a.length + b.length);
    joined.set(a);
    joined.set(b, a.length);
    return joined;
  }
  return noSuchOverload('_+_', a, b);
}

function onTimes(operator: Operator, a: Value, b: Value): Value | undefined {
  if (operator === '+') {
    if (a instanceof Timestamp && b instanceof Duration) return addToTimestamp(a, b.$nanos);
    if (a instanceof Duration && b instanceof Timestamp) return addToTimestamp(b, a.$nanos);
    if (a instanceof Duration && b instanceof Duration) return addDurations(a.$nanos, b.$nanos);
  }
  if (operator === '-') {
    if (a instanceof Timestamp && b instanceof Duration) return addToTimestamp(a, -b.$nanos);
    if (a instanceof Timestamp && b instanceof Timestamp) return subtractTimestamps(a, b);
    if (a instanceof Duration && b instanceof Duration) return addDurations(a.$nanos, -b.$nanos);
  }
  return undefined;
}

/** Everything beyond two small ints. */
function calculate(operator: Operator, a: Value, b: Value, frame: Frame): Value {
  if (isInt(a) && isInt(b)) return onIntegers(operator, BigInt(a), BigInt(b), int);
  if (a instanceof Double && b instanceof Double) return onDoubles(operator, a.$value, b.$value);
  if (a instanceof Uint && b instanceof Uint) return onIntegers(operator, a.$value, b.$value, uint);
  const time = onTimes(operator, a, b);
  if (time !== undefined) return time;
  return operator === '+' ? concatenate(a, b, frame) : noSuchOverload(`_${operator}_`, a, b);
}

/** `a + b` of two values. */
export const add = (a: Value, b: Value, frame: Frame): Value => calculate('+', a, b, frame);

/** A binary operator. Ints are exact: what leaves 2^53 is done again with bigints, what leaves 64 bits is an error. */
export function compileArithmetic(operator: Operator, left: Evaluator, right: Evaluator): Evaluator {
  const onNumbers = ON_NUMBERS[operator];
  const divides = operator === '/' || operator === '%';
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a !== 'string' && !(a instanceof Uint8Array)) frame.cost++;
    if (typeof a === 'number' && typeof b === 'number' && !(divides && b === 0)) {
      const result = onNumbers(a, b) + 0;
      if (Number.isSafeInteger(result)) return result;
    }
    return calculate(operator, a, b, frame);
  };
}

/** Unary minus. */
export function compileNegate(operand: Evaluator): Evaluator {
  return (frame) => {
    frame.cost++;
    const value = operand(frame);
    if (typeof value === 'number') return 0 - value;
    if (typeof value === 'bigint') return int(-value);
    return value instanceof Double ? new Double(-value.$value) : noSuchOverload('-_', value);
  };
}
