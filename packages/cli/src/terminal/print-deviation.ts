import type { Deviation } from '@breakwater/app/profiles';
import { behaviourWords } from './behaviour-words.ts';
import { bold, dim, plain, red, yellow } from './style.ts';
import { wrapText } from './table.ts';

const WIDTH = 120;
const INDENT = '    ';

/** Something that nothing explains as lines of at most 120 characters: what was done, how surprising, and why it is. */
export function deviationLines({ subject, container, event, judgement }: Deviation): string[] {
  const { surprise, reasons, isGrave, isSettled, behaviour } = judgement;
  const where = plain(event.container?.name ?? container ?? subject);
  const mark = isGrave ? red('grave') : isSettled ? yellow('new') : dim('new');
  const bits = dim(`${surprise.toFixed(1)} bits`);
  const standing = isSettled ? [] : [`${behaviour.dimension} is not settled yet: it is told, and not stopped`];
  const told = [...reasons, ...standing].flatMap((sentence) => wrapText(plain(sentence), WIDTH - INDENT.length));
  return [
    `${dim(event.time.slice(11, 19))} ${mark} ${bold(where)} ${behaviourWords(behaviour)} ${bits}`,
    ...told.map((line) => INDENT + dim(line)),
  ];
}
