import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

let takesColours: boolean | undefined;

/**
 * `styleText` honours NO_COLOR, NODE_DISABLE_COLORS, FORCE_COLOR and whether the stream is a terminal. It is asked for
 * that once: it would look again for each of a hundred thousand words.
 */
const style = (format: Format) => (text: string) => {
  takesColours ??= styleText('bold', ' ', { stream: process.stdout }) !== ' ';
  return takesColours ? styleText(format, text, { validateStream: false }) : text;
};

export const bold = style('bold');
export const dim = style('dim');
export const red = style('red');
export const yellow = style('yellow');
export const green = style('green');
export const cyan = style('cyan');

const CONTROL = /[\p{Cc}\p{Cf}]/gu;
/** Nearly all texts: told in a fraction of the time. */
const PRINTABLE = /^[ -~]*$/;

/** Text of strangers without control characters: it cannot move the cursor, hide itself or start a sequence. */
export function plain(text: string): string {
  if (PRINTABLE.test(text)) return text;
  return text.replace(CONTROL, (character) => (character === '\n' || character === '\t' ? ' ' : '\uFFFD'));
}
