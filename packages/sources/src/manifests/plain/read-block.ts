import { type LineReader, refuse } from './line-reader.ts';

/** How the end of a text over several lines is marked, with whether its lines are one, and whether it ends its last. */
const HEADERS: ReadonlyMap<string, { folds: boolean; ends: boolean }> = new Map([
  ['|', { folds: false, ends: true }],
  ['|-', { folds: false, ends: false }],
  ['>', { folds: true, ends: true }],
  ['>-', { folds: true, ends: false }],
]);

/** Whether a text over several lines begins at an offset. */
export const isBlock = (text: string, at: number): boolean => text[at] === '|' || text[at] === '>';

/**
 * Reads a text over several lines (YAML 1.2, 8.1) whose header stands at the end of the line that is read. Refuses
 * folded ones with lines that are indented deeper than others: these are not folded.
 */
export function readBlock(lines: LineReader, from: number, indent: number): string {
  const header = HEADERS.get(lines.text.slice(from, lines.end)) ?? refuse();
  const written = lines.takeBelow(indent);
  const text = header.folds ? fold(written) : written.join('\n');
  return header.ends ? `${text}\n` : text;
}

/** Lines as one; empty ones between them are line feeds. */
function fold(lines: readonly string[]): string {
  let text = '';
  let isFirst = true;
  let empty = 0;
  for (const line of lines) {
    if (line === '') empty++;
    else {
      if (line.startsWith(' ')) refuse();
      if (!isFirst) text += empty > 0 ? '\n'.repeat(empty) : ' ';
      text += line;
      isFirst = false;
      empty = 0;
    }
  }
  return text;
}
