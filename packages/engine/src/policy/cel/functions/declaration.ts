import type { Frame } from '../frame.ts';
import type { Value } from '../values.ts';

/**
 * A function. Operands come as they are, failures included: an implementation looks for what it takes and leaves the
 * rest to `noSuchOverload`, which hands on the failure there is. The target of a member function is its first operand.
 */
export interface FunctionDeclaration {
  name: string;
  style: 'global' | 'member';
  /** How many operands, the target included. */
  operands: number;
  call: (frame: Frame, a: Value, b: Value, c: Value, d: Value) => Value;
}

/** Declares a function called as `name(a)`. */
export const global = (name: string, operands: number, call: FunctionDeclaration['call']): FunctionDeclaration => ({
  name,
  style: 'global',
  operands,
  call,
});

/** Declares a function called as `a.name()`. */
export const member = (name: string, operands: number, call: FunctionDeclaration['call']): FunctionDeclaration => ({
  name,
  style: 'member',
  operands,
  call,
});
