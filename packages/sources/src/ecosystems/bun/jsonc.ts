/**
 * JSON with comments and commas behind last items, as JSON. In one pass: what is inside of texts stays as it is.
 */
export function toJson(text: string): string {
  const parts: string[] = [];
  let from = 0;
  /** Start of the last comma after which nothing but blanks and comments came. */
  let comma = -1;
  const take = (end: number): void => {
    if (end > from) parts.push(text.slice(from, end));
    from = end;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      at = endOfText(text, at);
      comma = -1;
    } else if (char === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) {
      take(at);
      at = endOfComment(text, at);
      from = at + 1;
    } else if (char === ',') {
      take(at);
      comma = parts.length;
      parts.push(',');
      from = at + 1;
    } else if (char === '}' || char === ']') {
      if (comma !== -1) parts[comma] = ' ';
      comma = -1;
    } else if (!isBlank(char)) comma = -1;
  }
  take(text.length);
  return parts.join('');
}

/** Index of the closing quote, or of the last character. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

function endOfComment(text: string, start: number): number {
  const isLine = text[start + 1] === '/';
  const end = isLine ? text.indexOf('\n', start) : text.indexOf('*/', start + 2);
  if (end === -1) return text.length;
  return isLine ? end - 1 : end + 1;
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r';
}
