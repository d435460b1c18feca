import { UserError } from '@breakwater/model';

/** A cursor names the last row of a page: opaque to callers, JSON inside. */
export function encodeCursor(position: (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The position in a cursor with `length` parts. Throws UserError for anything that `encodeCursor` did not make. */
export function decodeCursor(cursor: string, length: number): (string | number)[] {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(position) && position.length === length && position.every(isScalar)) return position;
  } catch {
    // Falls through to the error below: every malformed cursor is the same to its sender.
  }
  throw new UserError('The cursor is not one that this server gave.', {
    code: 'cursor-invalid',
    hint: 'Start again without a cursor.',
  });
}

const isScalar = (part: unknown): part is string | number => typeof part === 'string' || typeof part === 'number';
