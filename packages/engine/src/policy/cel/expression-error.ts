import { UserError } from '@breakwater/model';

/** An expression that cannot be used, with the place of the fault inside it: one-based line and column. */
export class ExpressionError extends UserError {
  readonly line: number;
  readonly column: number;

  constructor(message: string, source: string, offset: number) {
    const before = source.slice(0, offset).split(/\r\n|\r|\n/);
    const line = before.length;
    const column = [...(before[line - 1] ?? '')].length + 1;
    super(`${line}:${column}: ${message}`, { code: 'expression-invalid' });
    this.line = line;
    this.column = column;
  }
}
