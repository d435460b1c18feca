import { Entry } from './entry.ts';

const MOST_ROWS = 200_000;
const MOST_COLUMNS = 200;

/** The names of the columns of a table: its first record. */
export function columnsOf(text: string): string[] {
  const first = recordsOf(text).next();
  return first.done ? [] : first.value.cells.map((cell) => cell.trim());
}

/**
 * The rows of comma-separated values (RFC 4180), each as fields named by its column. Of columns of one name the first
 * counts. A row of nothing is none.
 */
export function readCsv(text: string): { rows: Entry[]; more: boolean } {
  const rows: Entry[] = [];
  let columns: string[] | undefined;
  for (const { cells, line } of recordsOf(text)) {
    if (columns === undefined) {
      columns = cells.map((cell) => cell.trim());
      continue;
    }
    if (cells.every((cell) => cell.trim() === '')) continue;
    if (rows.length >= MOST_ROWS) return { rows, more: true };
    const fields: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [index, name] of columns.entries()) {
      if (!Object.hasOwn(fields, name)) fields[name] = cells[index] ?? '';
    }
    rows.push(new Entry(fields, [], line));
  }
  return { rows, more: false };
}

/** Records one at a time; a quote inside a quoted cell is doubled. */
function* recordsOf(text: string): Generator<{ cells: string[]; line: number }> {
  let cells: string[] = [];
  let line = 1;
  let begun = 1;
  for (let at = 0; at < text.length; ) {
    const { cell, end, lines } = cellAt(text, at);
    line += lines;
    if (cells.length < MOST_COLUMNS) cells.push(cell);
    at = end + 1;
    if (text[end] === ',') {
      if (at >= text.length) cells.push('');
      else continue;
    }
    yield { cells, line: begun };
    cells = [];
    line += 1;
    begun = line;
  }
}

/** The cell that begins at a place, where it ends, and how many ends of lines are inside it. */
function cellAt(text: string, start: number): { cell: string; end: number; lines: number } {
  if (text[start] !== '"') {
    const end = endOfCell(text, start);
    return { cell: text.slice(start, end).replace(/\r$/, ''), end, lines: 0 };
  }
  const parts: string[] = [];
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    const stop = quote === -1 ? text.length : quote;
    parts.push(text.slice(at, stop));
    if (text[stop + 1] !== '"') {
      const cell = parts.join('"');
      return { cell, end: endOfCell(text, Math.min(stop + 1, text.length)), lines: cell.split('\n').length - 1 };
    }
    at = stop + 2;
  }
}

function endOfCell(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== ',' && text[at] !== '\n') at += 1;
  return at;
}
