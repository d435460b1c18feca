/**
 * Parses a file of pacman's local database: a heading `%NAME%`, values a line each, an empty line. Only the wanted
 * headings are kept. `oddLines`: one-based numbers of lines that stand under no heading.
 */
export function parseDesc(
  text: string,
  wanted: ReadonlySet<string>,
): { fields: Map<string, string[]>; oddLines: number[] } {
  const fields = new Map<string, string[]>();
  const oddLines: number[] = [];
  let values: string[] | undefined;
  let isWanted = false;
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    line += 1;
    const value = text.slice(start, end).trimEnd();
    start = end + 1;
    if (value === '') values = undefined;
    else if (values === undefined && /^%[A-Z0-9_]{1,32}%$/.test(value)) {
      values = [];
      isWanted = wanted.has(value.slice(1, -1));
      if (isWanted) fields.set(value.slice(1, -1), values);
    } else if (values === undefined) oddLines.push(line);
    else if (isWanted) values.push(value);
  }
  return { fields, oddLines };
}
