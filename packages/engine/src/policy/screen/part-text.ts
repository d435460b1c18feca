/** Longer texts are no use: parts so large are seldom equal, and keys made of them would be kept. */
const MOST_CHARACTERS = 1_000;
const MOST_DEPTH = 20;

/**
 * A text that two values from JSON share only where they are equal to every expression. Empty for what has none: what is
 * too large, and what no JSON holds, as fields that are not known.
 */
export const partText = (value: unknown): string => textOf(value, MOST_DEPTH);

function textOf(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return value.length > MOST_CHARACTERS ? '' : `"${value.length}:${value}`;
    case 'boolean':
      return value ? 't' : 'f';
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? `${value};` : '';
    case 'object':
      if (value === null) return 'n';
      return depth === 0 ? '' : Array.isArray(value) ? textOfList(value, depth) : textOfMap(value, depth);
    default:
      return '';
  }
}

function textOfList(values: readonly unknown[], depth: number): string {
  let text = '[';
  for (let index = 0; index < values.length; index += 1) {
    const inner = textOf(values[index], depth - 1);
    text += inner;
    if (inner === '' || text.length > MOST_CHARACTERS) return '';
  }
  return `${text}]`;
}

function textOfMap(fields: object, depth: number): string {
  if (Object.getPrototypeOf(fields) !== Object.prototype) return '';
  let text = '{';
  for (const name of Object.keys(fields)) {
    const inner = textOf((fields as Record<string, unknown>)[name], depth - 1);
    text += `${name.length}:${name}${inner}`;
    if (inner === '' || text.length > MOST_CHARACTERS) return '';
  }
  return `${text}}`;
}
