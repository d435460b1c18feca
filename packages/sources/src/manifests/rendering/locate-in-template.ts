import type { FieldPosition } from '../locate-field.ts';

type Pointer = readonly (string | number)[];

/**
 * Where a template most likely says a field of what it makes: the only line that has the key, or the only one below a line
 * with its parent's key; else the nearest key around it that stands once. Undefined where no key does: only the file is known.
 */
export function locateInTemplate(text: string, pointer: Pointer): FieldPosition | undefined {
  const lines = text.split('\n');
  const keys = pointer.filter((step) => typeof step === 'string');
  for (let depth = keys.length - 1; depth >= 0; depth -= 1) {
    const found = linesWith(lines, keys[depth]!);
    const only = found.length === 1 ? found[0] : below(lines, found, keys[depth - 1]);
    if (only !== undefined) return { line: only + 1, column: lines[only]!.search(/[^\s-]/) + 1 };
  }
  return undefined;
}

function linesWith(lines: readonly string[], key: string): number[] {
  return lines.flatMap((line, index) => {
    const at = line.search(/[^\s-]/);
    if (at === -1) return [];
    const rest = line.slice(at);
    return rest.startsWith(`${key}:`) || rest.startsWith(`"${key}":`) ? [index] : [];
  });
}

/* Of several lines the one that follows a line of the parent, where the parent stands once. */
function below(lines: readonly string[], found: readonly number[], parent: string | undefined): number | undefined {
  if (found.length === 0 || parent === undefined) return undefined;
  const parents = linesWith(lines, parent);
  if (parents.length !== 1) return undefined;
  return found.find((line) => line > parents[0]!);
}
