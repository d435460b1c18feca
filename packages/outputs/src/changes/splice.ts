import { EditRefused, lineEnd, lineStart } from './yaml-document.ts';

/** A part of a text that gives way to another. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/**
 * Carries out splices that were all made for the same text. What is put in where something else is taken away stands
 * before it. Parts that overlap are refused.
 */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let end = text.length;
  let after = text;
  for (const splice of splices.toSorted((a, b) => b.start - a.start || b.end - a.end)) {
    if (splice.start > splice.end || splice.end > end) throw new EditRefused('its parts overlap');
    after = after.slice(0, splice.start) + splice.text + after.slice(splice.end);
    end = splice.start;
  }
  return after;
}

/** The line break that a text uses. */
export function lineBreakOf(text: string): string {
  const at = text.indexOf('\n');
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}

/** Puts whole lines behind the line in which something ends. A last line without break stays without one. */
export function insertLinesAfter(text: string, end: number, lines: string[]): Splice {
  const newline = lineBreakOf(text);
  const atLineStart = end > 0 && text[end - 1] === '\n';
  const at = atLineStart ? end : lineEnd(text, end);
  const broken = at === 0 || text[at - 1] === '\n';
  const body = lines.join(newline);
  return { start: at, end: at, text: broken ? body + newline : newline + body };
}

/** Takes away the whole lines from one offset to another, the comment behind the last included. */
export function removeLines(text: string, from: number, to: number): Splice {
  const start = lineStart(text, from);
  const end = to > start && text[to - 1] === '\n' ? to : lineEnd(text, to);
  if (end === text.length && text.length > 0 && text.at(-1) !== '\n' && start > 0) {
    const before = text[start - 2] === '\r' ? start - 2 : start - 1;
    return { start: before, end, text: '' };
  }
  return { start, end, text: '' };
}

/** True where nothing but blanks stands before an offset in its line. */
export function beginsLine(text: string, offset: number): boolean {
  return /^[ \t]*$/.test(text.slice(lineStart(text, offset), offset));
}
