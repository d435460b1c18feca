import { ExpressionError } from './expression-error.ts';
import type { Token } from './lexer.ts';
import { int, uint } from './numbers.ts';
import { CelError, Double, type Value } from './values.ts';

/** The value of a number as written; `negative` when a minus stands before it. */
export function numberLiteral(token: Token, negative: boolean, source: string): Value {
  if (token.type === 'double') return new Double(negative ? -Number(token.text) : Number(token.text));
  const whole = BigInt(token.text.replace(/[uU]$/, ''));
  const value = token.type === 'uint' ? uint(whole) : int(negative ? -whole : whole);
  if (value instanceof CelError) throw new ExpressionError('the number is beyond 64 bits', source, token.start);
  return value;
}
