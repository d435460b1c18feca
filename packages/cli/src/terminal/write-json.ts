/** Characters that are given at once. */
const CHUNK = 65_536;

/**
 * The text of `JSON.stringify(value, undefined, 2)` piece by piece: lists at the top are written an element at a time, so
 * that a report on ten thousand files is no string of fifty megabytes.
 */
export function* jsonPieces(value: object): Generator<string> {
  if (Array.isArray(value)) {
    yield* elementPieces(value, '', '');
    return;
  }
  let text = '{';
  let first = true;
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    text += `${first ? '' : ','}\n  ${JSON.stringify(name)}: `;
    first = false;
    if (Array.isArray(field) && field.length > 0) {
      yield* elementPieces(field, text, '  ');
      text = '';
    } else text += indented(field, '  ');
  }
  yield `${text}${first ? '' : '\n'}}`;
}

/** A list behind what comes before it, in lines that begin with `indent`. */
function* elementPieces(list: readonly unknown[], before: string, indent: string): Generator<string> {
  let text = `${before}[`;
  for (const [index, element] of list.entries()) {
    text += `${index === 0 ? '' : ','}\n${indent}  ${indented(element, `${indent}  `)}`;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  yield list.length === 0 ? `${text}]` : `${text}\n${indent}]`;
}

const indented = (value: unknown, indent: string): string =>
  (JSON.stringify(value, undefined, 2) ?? 'null').replaceAll('\n', `\n${indent}`);

/** Writes an object or a list to stdout as JSON, with a line break after it. */
export function writeJson(value: object): void {
  for (const piece of jsonPieces(value)) process.stdout.write(piece);
  process.stdout.write('\n');
}
