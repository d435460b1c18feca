import { UserError } from '@breakwater/model';

/** One-based line and column of an offset, in characters. */
export function placeIn(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
}

/** An expression that cannot be used, with the place of the fault inside it: one-based line and column. */
export class ExpressionError extends UserError {
  readonly line: number;
  readonly column: number;

  constructor(message: string, source: string, offset: number) {
    const { line, column } = placeIn(source, offset);
    super(`${line}:${column}: ${message}`, { code: 'expression-invalid' });
    this.line = line;
    this.column = column;
  }
}
