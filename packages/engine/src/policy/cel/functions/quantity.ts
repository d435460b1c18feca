import { traverse } from '../cost/prices.ts';
import { int } from '../numbers.ts';
import {
  addQuantities,
  approximate,
  compareQuantities,
  integerOf,
  negate,
  parseQuantity,
  Quantity,
} from '../quantity.ts';
import { BOOL, DOUBLE, INT, QUANTITY, STRING } from '../types.ts';
import { CelError, Double, type Value } from '../values.ts';
import { type FunctionDeclaration, global, member } from './declaration.ts';

const PARSING = traverse(0);

const ofInt = (value: number | bigint): Quantity => new Quantity(BigInt(value), 0, false, 'exponent');

const sign = (quantity: Quantity): number => Number(quantity.$unscaled > 0n) - Number(quantity.$unscaled < 0n);

function asInteger(quantity: Quantity): Value {
  const value = integerOf(quantity);
  return value === undefined ? new CelError('cannot convert value to integer') : int(value);
}

/** Kubernetes' functions on quantities of resources. */
export const QUANTITY_FUNCTIONS: FunctionDeclaration[] = [
  global('quantity', [STRING], QUANTITY, (_, text) => parseQuantity(text), PARSING),
  global('isQuantity', [STRING], BOOL, (_, text) => parseQuantity(text) instanceof Quantity, PARSING),
  global('sign', [QUANTITY], INT, (_, quantity) => sign(quantity)),
  member('sign', [QUANTITY], INT, (_, quantity) => sign(quantity)),
  member('isInteger', [QUANTITY], BOOL, (_, quantity) => integerOf(quantity) !== undefined),
  member('asInteger', [QUANTITY], INT, (_, quantity) => asInteger(quantity)),
  member('asApproximateFloat', [QUANTITY], DOUBLE, (_, quantity) => new Double(approximate(quantity))),
  member('add', [QUANTITY, QUANTITY], QUANTITY, (_, a, b) => addQuantities(a, b)),
  member('add', [QUANTITY, INT], QUANTITY, (_, a, b) => addQuantities(a, ofInt(b))),
  member('sub', [QUANTITY, QUANTITY], QUANTITY, (_, a, b) => addQuantities(a, negate(b))),
  member('sub', [QUANTITY, INT], QUANTITY, (_, a, b) => addQuantities(a, negate(ofInt(b)))),
  member('isGreaterThan', [QUANTITY, QUANTITY], BOOL, (_, a, b) => compareQuantities(a, b) > 0),
  member('isLessThan', [QUANTITY, QUANTITY], BOOL, (_, a, b) => compareQuantities(a, b) < 0),
  member('compareTo', [QUANTITY, QUANTITY], INT, (_, a, b) => compareQuantities(a, b)),
];
