/** Longest line that is read; a longer one is skipped and reported. */
export const LONGEST_LINE = 32 * 1024 * 1024;

/** A line of a text file. `text` is absent when it is longer than `LONGEST_LINE`. */
export interface Line {
  /** One-based. */
  number: number;
  text?: string;
}

/** Splits bytes into lines without holding more than one line and one chunk. Empty lines are left out. */
export async function* readLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let number = 1;
  let held: Buffer[] = [];
  let heldBytes = 0;
  let tooLong = false;
  for await (const chunk of bytes) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const tail = chunk.subarray(start, end);
      const line = tooLong ? { number } : toLine(number, held, tail);
      if (line !== undefined) yield line;
      held = [];
      heldBytes = 0;
      tooLong = false;
      number++;
      start = end + 1;
    }
    heldBytes += chunk.length - start;
    if (heldBytes > LONGEST_LINE) {
      tooLong = true;
      held = [];
    } else if (start < chunk.length) {
      held.push(chunk.subarray(start));
    }
  }
  const last = tooLong ? { number } : toLine(number, held, Buffer.alloc(0));
  if (last !== undefined) yield last;
}

function toLine(number: number, held: Buffer[], tail: Buffer): Line | undefined {
  const bytes = held.length === 0 ? tail : Buffer.concat([...held, tail]);
  if (bytes.length > LONGEST_LINE) return { number };
  const text = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimEnd();
  return text === '' ? undefined : { number, text };
}
