import { NOMINAL, type Price } from '../cost/prices.ts';
import type { Frame } from '../frame.ts';
import type { CelType } from '../types.ts';
import type { Value } from '../values.ts';

/** What a function does. Operands have the declared types, which are tested before; the target of a member function is the first of them. */
export type Implementation = (frame: Frame, ...operands: never[]) => Value;

/** One overload of a function. */
export interface FunctionDeclaration {
  name: string;
  style: 'global' | 'member';
  /** Types of the operands, the target included. */
  operands: readonly CelType[];
  result: CelType;
  /** What it costs in evaluation, and how that is estimated. */
  price: Price;
  call: Implementation;
  /** The version of its library that brought it, where clusters may have an older one. */
  since?: number;
  /** The result that the first operand alone decides; the others are then not evaluated. */
  decides?: (first: Value) => Value | undefined;
}

/** Declares a function called as `name(a)`. */
export const global = (
  name: string,
  operands: readonly CelType[],
  result: CelType,
  call: Implementation,
  price: Price = NOMINAL,
): FunctionDeclaration => ({ name, style: 'global', operands, result, price, call });

/** Declares a function called as `a.name()`. */
export const member = (
  name: string,
  operands: readonly CelType[],
  result: CelType,
  call: Implementation,
  price: Price = NOMINAL,
): FunctionDeclaration => ({ name, style: 'member', operands, result, price, call });
