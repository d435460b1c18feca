/** Characters that are given at once. */
const CHUNK = 65_536;

/**
 * The text of `JSON.stringify(value, undefined, 2)` piece by piece: lists at the top are written an element at a time, so
 * that a report on ten thousand files is no string of fifty megabytes.
 */
export function* jsonPieces(value: object): Generator<string> {
  let text = '{';
  let first = true;
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    text += `${first ? '' : ','}\n  ${JSON.stringify(name)}: `;
    first = false;
    if (!Array.isArray(field) || field.length === 0) {
      text += indented(field, '  ');
      continue;
    }
    text += '[';
    for (const [index, element] of field.entries()) {
      text += `${index === 0 ? '' : ','}\n    ${indented(element, '    ')}`;
      if (text.length < CHUNK) continue;
      yield text;
      text = '';
    }
    text += '\n  ]';
  }
  yield `${text}${first ? '' : '\n'}}`;
}

const indented = (value: unknown, indent: string): string =>
  (JSON.stringify(value, undefined, 2) ?? 'null').replaceAll('\n', `\n${indent}`);

/** Writes an object to stdout as JSON, with a line break after it. */
export function writeJson(value: object): void {
  for (const piece of jsonPieces(value)) process.stdout.write(piece);
  process.stdout.write('\n');
}
