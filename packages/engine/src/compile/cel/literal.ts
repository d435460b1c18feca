import type { Json } from '@breakwater/model';

/** A string literal of CEL. */
export const quote = (text: string): string =>
  `'${text.replaceAll(/[\\'\n\r]/g, (character) => ESCAPES[character] ?? character)}'`;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r' };

/** A JSON value as an expression. Values of different types beside each other are `dyn`, or API servers refuse them. */
export function literal(value: Json): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${texts(value).join(', ')}]`;
  const names = Object.keys(value);
  const values = texts(Object.values(value));
  return `{${names.map((name, index) => `${quote(name)}: ${values[index]}`).join(', ')}}`;
}

function texts(values: readonly Json[]): string[] {
  const written = values.map(literal);
  const isPlain = new Set(values.map(scalarType)).size <= 1 && scalarType(values[0] ?? '') !== undefined;
  return isPlain ? written : written.map((text) => `dyn(${text})`);
}

const scalarType = (value: Json): string | undefined => {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double';
  return typeof value === 'object' ? undefined : typeof value;
};
