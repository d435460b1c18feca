import { int } from '../numbers.ts';
import { INT, UINT } from '../types.ts';
import { CelError, Uint, type Value } from '../values.ts';
import { type FunctionDeclaration, global } from './declaration.ts';

type Int = number | bigint;

const WIDTH = 64;

const signed = (bits: bigint): Value => int(BigInt.asIntN(WIDTH, bits));
const unsigned = (bits: bigint): Value => new Uint(BigInt.asUintN(WIDTH, bits));

/** An operator on the bits of two numbers of one type. */
const binary = (name: string, compute: (a: bigint, b: bigint) => bigint): FunctionDeclaration[] => [
  global(name, [INT, INT], INT, (_, a: Int, b: Int) => signed(compute(BigInt(a), BigInt(b)))),
  global(name, [UINT, UINT], UINT, (_, a: Uint, b: Uint) => unsigned(compute(a.$value, b.$value))),
];

/** A shift; bits that leave are gone, and the sign is a bit like any other. */
const shift = (name: string, compute: (bits: bigint, by: bigint) => bigint): FunctionDeclaration[] => {
  const shifted = (bits: bigint, by: Int, result: (bits: bigint) => Value): Value => {
    if (by < 0) return new CelError(`${name}() negative offset: ${by}`);
    return result(by >= WIDTH ? 0n : compute(BigInt.asUintN(WIDTH, bits), BigInt(by)));
  };
  return [
    global(name, [INT, INT], INT, (_, value: Int, by: Int) => shifted(BigInt(value), by, signed)),
    global(name, [UINT, INT], UINT, (_, value: Uint, by: Int) => shifted(value.$value, by, unsigned)),
  ];
};

/** The functions on bits of cel-go's math extension. */
export const BIT_FUNCTIONS: FunctionDeclaration[] = [
  ...binary('math.bitAnd', (a, b) => a & b),
  ...binary('math.bitOr', (a, b) => a | b),
  ...binary('math.bitXor', (a, b) => a ^ b),
  global('math.bitNot', [INT], INT, (_, value: Int) => signed(~BigInt(value))),
  global('math.bitNot', [UINT], UINT, (_, value: Uint) => unsigned(~value.$value)),
  ...shift('math.bitShiftLeft', (bits, by) => bits << by),
  ...shift('math.bitShiftRight', (bits, by) => bits >> by),
];
