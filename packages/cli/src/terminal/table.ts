import { stripVTControlCharacters } from 'node:util';

/** Columns shown at most on a terminal; a pipe gets whole lines. */
const MAX_WIDTH = 100;

/** Width to fill: the terminal's, at most 100 columns; unlimited when the output is no terminal. */
export function outputWidth(): number {
  return process.stdout.isTTY ? Math.min(process.stdout.columns || MAX_WIDTH, MAX_WIDTH) : Number.POSITIVE_INFINITY;
}

const widthOf = (text: string) => (text.includes('\u001B') ? stripVTControlCharacters(text).length : text.length);

/** Pads cells so that columns line up, two spaces apart; the last column is left as it is. */
export function alignColumns(rows: string[][], rightAligned: number[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (let index = 0; index < row.length; index += 1)
      widths[index] = Math.max(widths[index] ?? 0, widthOf(row[index]!));
  }
  return rows.map((row) => alignRow(row, widths, rightAligned));
}

function alignRow(row: string[], widths: number[], rightAligned: number[]): string {
  let line = '';
  for (let index = 0; index < row.length; index += 1) {
    const cell = row[index]!;
    const missing = widths[index]! - widthOf(cell);
    if (index > 0) line += '  ';
    if (rightAligned.includes(index)) line += spaces(missing) + cell;
    else line += index === row.length - 1 ? cell : cell + spaces(missing);
  }
  return line.trimEnd();
}

const spaces = (count: number): string => ' '.repeat(count);

/** The least that a last column is wrapped to; with less room it goes on lines of its own. */
const NARROWEST = 16;

/**
 * Like `alignColumns`, with the last column wrapped to the width: a sentence never runs past it, and goes on below where
 * it began. Where the other columns leave too little room, it stands on lines of its own, indented by `indent`.
 */
export function wrapColumns(rows: string[][], width: number, indent = 4): string[] {
  const heads = alignColumns(rows.map((row) => row.slice(0, -1)));
  const margin = heads.reduce((widest, head) => Math.max(widest, widthOf(head)), 0) + 2;
  const isNarrow = width - margin < NARROWEST;
  const left = isNarrow ? indent : margin;
  const lines: string[] = [];
  for (let index = 0; index < rows.length; index += 1) {
    const head = heads[index]!;
    const [first, ...rest] = wrapText(rows[index]!.at(-1) ?? '', width - left);
    if (isNarrow) lines.push(head, spaces(left) + first);
    else lines.push((head + spaces(margin - widthOf(head)) + first).trimEnd());
    for (const line of rest) lines.push(spaces(left) + line);
  }
  return lines;
}

/** Breaks text at spaces into lines of at most `width` columns. A word longer than that stands alone. */
export function wrapText(text: string, width: number): string[] {
  if (text.length <= width && !text.startsWith(' ')) return [text.trimEnd()];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each) => each.trimEnd());
}
