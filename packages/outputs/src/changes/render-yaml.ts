import { isObject, type Json, type JsonObject } from '@breakwater/model';

/** How a file is written, so that what is added looks like its neighbours. */
export interface Style {
  /** Spaces by which a nested mapping is indented. */
  step: number;
  /** Spaces by which the dashes of a list stand right of its key. */
  listIndent: number;
  /** Keys and texts in double quotes, as JSON wants them. */
  json: boolean;
}

const PLAIN = /^[A-Za-z_/.][\w./@+-]*(?::[\w./@+-]+)*$/;
/** Plain texts that some reader of YAML 1.1 or 1.2 takes for something else. */
const AMBIGUOUS = /^(?:y|n|yes|no|on|off|true|false|null|\.inf|\.nan|\.\d[\d_.eE+-]*|\.+|---)$/i;

/** A scalar on one line; texts are quoted where they could be read as anything else, or where `quoted` asks for it. */
export function renderScalar(value: Json, { json, quoted = false }: { json: boolean; quoted?: boolean }): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return !json && !quoted && PLAIN.test(value) && !AMBIGUOUS.test(value) ? value : JSON.stringify(value);
}

/** A value on one line: `{a: 1, b: [x]}`. */
export function renderFlow(value: Json, json: boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => renderFlow(item, json)).join(', ')}]`;
  if (!isObject(value)) return renderScalar(value, { json, quoted: json });
  const pairs = Object.entries(value).map(([key, item]) => `${renderScalar(key, { json })}: ${renderFlow(item, json)}`);
  return json && pairs.length > 0 ? `{ ${pairs.join(', ')} }` : `{${pairs.join(', ')}}`;
}

/** Lines of `key: value` in block style, the first without indentation, the others indented from `column`. */
export function renderPair(key: string, value: Json, column: number, style: Style): string[] {
  const name = renderScalar(key, { json: false });
  if (!isNested(value))
    return [`${name}: ${isScalar(value) ? renderScalar(value, { json: false }) : renderFlow(value, false)}`];
  const inner = column + (Array.isArray(value) ? style.listIndent : style.step);
  const [first, ...rest] = renderBlock(value, inner, style);
  return [`${name}:`, `${' '.repeat(inner)}${first}`, ...rest];
}

/** Lines of a value in block style, the first without indentation. */
export function renderBlock(value: Json, column: number, style: Style): string[] {
  if (!isNested(value)) return [isScalar(value) ? renderScalar(value, { json: false }) : renderFlow(value, false)];
  const pad = ' '.repeat(column);
  const parts = Array.isArray(value)
    ? value.map((item) => renderItem(item, column, style))
    : Object.entries(value).map(([key, item]) => renderPair(key, item, column, style));
  return parts.flatMap(([first, ...rest], index) => [index === 0 ? first! : pad + first, ...rest]);
}

/** Lines of `- value`, the first without indentation. */
export function renderItem(value: Json, column: number, style: Style): string[] {
  const [first, ...rest] = renderBlock(value, column + 2, style);
  return [`- ${first}`, ...rest];
}

function isNested(value: Json): value is JsonObject | Json[] {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function isScalar(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}
