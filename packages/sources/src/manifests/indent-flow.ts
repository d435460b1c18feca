import { YAMLException } from 'js-yaml';

const MOST_LINES = 64;
const LONGEST = 200_000;
/** Deeper than any key that is looked at. */
const INDENTATION = ' '.repeat(200);

/**
 * Reads a piece of YAML whose quoted texts and brackets go on at the indentation of their key, or before it: API servers
 * take that, and NetworkAttachmentDefinitions are often written so. Such a line is moved in, which changes nothing that
 * it says: indentation has no meaning there. Throws what the reader throws where something else is wrong too.
 */
export function readIndented<T>(piece: string, error: unknown, read: (piece: string) => T): T {
  const lines = piece.split('\n');
  let fault = error;
  for (let moved = 0; moved < MOST_LINES && piece.length <= LONGEST; moved++) {
    const line = deficientLine(fault);
    if (line === undefined || lines[line] === undefined || lines[line].startsWith(INDENTATION)) break;
    lines[line] = `${INDENTATION}${lines[line]}`;
    try {
      return read(lines.join('\n'));
    } catch (next) {
      fault = next;
    }
  }
  throw fault;
}

function deficientLine(error: unknown): number | undefined {
  return error instanceof YAMLException && error.reason === 'deficient indentation' ? error.mark?.line : undefined;
}
