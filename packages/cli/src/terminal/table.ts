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
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
    });
  }
  return rows.map((row) =>
    row
      .map((cell, index) => {
        const padding = ' '.repeat((widths[index] ?? 0) - widthOf(cell));
        if (rightAligned.includes(index)) return padding + cell;
        return index === row.length - 1 ? cell : cell + padding;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** The least that a last column is wrapped to; with less room it goes on lines of its own. */
const NARROWEST = 16;

/**
 * Like `alignColumns`, with the last column wrapped to the width: a sentence never runs past it, and goes on below where
 * it began. Where the other columns leave too little room, it stands on lines of its own, indented by `indent`.
 */
export function wrapColumns(rows: string[][], width: number, indent = 4): string[] {
  const heads = alignColumns(rows.map((row) => row.slice(0, -1)));
  const margin = Math.max(0, ...heads.map(widthOf)) + 2;
  const narrow = width - margin < NARROWEST;
  return rows.flatMap((row, index) => {
    const head = heads[index] ?? '';
    const left = narrow ? indent : margin;
    const [first = '', ...rest] = wrapText(row.at(-1) ?? '', width - left);
    const lines = [...(narrow ? [' '.repeat(left) + first] : []), ...rest.map((line) => ' '.repeat(left) + line)];
    if (narrow) return [head, ...lines];
    return [`${head}${' '.repeat(Math.max(margin - widthOf(head), 0))}${first}`.trimEnd(), ...lines];
  });
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
