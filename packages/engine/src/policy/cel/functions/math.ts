import { compareNumbers, int } from '../numbers.ts';
import { BOOL, type CelType, DOUBLE, DYN, INT, listOf, UINT } from '../types.ts';
import { adapt, CelError, Double, noSuchOverload, Uint, type Value } from '../values.ts';
import { type FunctionDeclaration, global } from './declaration.ts';

const NUMBERS = [INT, UINT, DOUBLE];

/** The greatest (1) or least (-1) of some numbers; the first of those that are equal. */
function extreme(name: string, direction: -1 | 1, values: readonly unknown[]): Value {
  let found: Value | undefined;
  for (const item of values) {
    const value = adapt(item);
    const order = compareNumbers(value, found ?? value);
    if (order === null) return noSuchOverload(name, value);
    if (found === undefined || order === direction) found = value;
  }
  return found ?? new CelError(`${name}() of an empty list`);
}

const extremes = (name: string, direction: -1 | 1): FunctionDeclaration[] => [
  ...NUMBERS.map((type) => global(name, [type], type, (_, value) => value)),
  ...NUMBERS.flatMap((a) =>
    NUMBERS.map((b) => global(name, [a, b], a === b ? a : DYN, (_, x, y) => extreme(name, direction, [x, y]))),
  ),
  ...[...NUMBERS, DYN].map((type) =>
    global(name, [listOf(type)], type, (_, list: readonly unknown[]) => extreme(name, direction, list)),
  ),
];

const onDouble = (name: string, compute: (value: number) => number): FunctionDeclaration =>
  global(name, [DOUBLE], DOUBLE, (_, value: Double) => new Double(compute(value.$value)));

const test = (name: string, decide: (value: number) => boolean): FunctionDeclaration =>
  global(name, [DOUBLE], BOOL, (_, value: Double) => decide(value.$value));

/** Halves go away from zero; what is beyond 2^52 is whole already. */
const round = (value: number): number =>
  Number.isInteger(value) ? value : Math.sign(value) * Math.floor(Math.abs(value) + 0.5);

const abs = (value: number | bigint): Value => int(BigInt(value) < 0n ? -BigInt(value) : BigInt(value));
const signs: [CelType, (value: never) => Value][] = [
  [INT, (value: number | bigint) => Number(value > 0) - Number(value < 0)],
  [UINT, (value: Uint) => new Uint(value.$value > 0n ? 1n : 0n)],
  [DOUBLE, (value: Double) => new Double(Math.sign(value.$value))],
];

/** The math extension of cel-go, but for its functions on bits. */
export const MATH_FUNCTIONS: FunctionDeclaration[] = [
  ...extremes('math.@max', 1),
  ...extremes('math.@min', -1),
  onDouble('math.ceil', Math.ceil),
  onDouble('math.floor', Math.floor),
  onDouble('math.round', round),
  onDouble('math.trunc', Math.trunc),
  test('math.isInf', (value) => Math.abs(value) === Infinity),
  test('math.isNaN', Number.isNaN),
  test('math.isFinite', Number.isFinite),
  global('math.abs', [INT], INT, (_, value) => abs(value)),
  global('math.abs', [UINT], UINT, (_, value) => value),
  global('math.abs', [DOUBLE], DOUBLE, (_, value: Double) => new Double(Math.abs(value.$value))),
  ...signs.map(([type, sign]) => global('math.sign', [type], type, (_, value) => sign(value as never))),
  global('math.sqrt', [INT], DOUBLE, (_, value) => new Double(Math.sqrt(Number(value)))),
  global('math.sqrt', [UINT], DOUBLE, (_, value: Uint) => new Double(Math.sqrt(Number(value.$value)))),
  onDouble('math.sqrt', Math.sqrt),
];
