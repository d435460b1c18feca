import type { TextEdit } from '@breakwater/model';
import { lineBreakOf } from './splice.ts';
import { EditRefused } from './yaml-document.ts';

/** The text with lines replaced and inserted. Line numbers are those of the text as given; line breaks are the text's own. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  const newline = lineBreakOf(text);
  const lines = text.split('\n');
  const complete = lines.at(-1) === '';
  if (complete) lines.pop();
  const last = lines.length;
  for (const { line, operation, lines: added } of [...edits].sort((a, b) => b.line - a.line)) {
    const missing = line > last || (operation === 'replace' && line === 0);
    if (missing) throw new EditRefused(`the file has changed: it has no line ${line}`);
    const ended = added.map((content) => (newline === '\r\n' ? `${content}\r` : content));
    if (operation === 'replace') lines.splice(line - 1, 1, ...ended);
    else lines.splice(line, 0, ...ended);
  }
  return lines.join('\n') + (complete ? '\n' : '');
}
