/** Bytes that a text takes in JSON at the most: names of strangers hold whatever takes six. */
export function jsonBytes(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20) bytes += 6;
    else if (code === 0x22 || code === 0x5c) bytes += 2;
    else if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else bytes += code >= 0xd800 && code < 0xe000 ? 6 : 3;
  }
  return bytes;
}

/** A text that takes at most so many bytes in JSON. */
export function cutTo(text: string, most: number): string {
  if (text.length * 6 <= most || jsonBytes(text) <= most) return text;
  let end = Math.min(text.length, most);
  while (end > 0 && jsonBytes(text.slice(0, end)) > most - 3) end = Math.floor(end * 0.9);
  return `${text.slice(0, end)}…`;
}
