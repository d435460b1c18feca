import type { Deviation } from '@breakwater/app/profiles';
import { behaviourWords } from './behaviour-words.ts';
import { bold, dim, plain, red, yellow } from './style.ts';
import { wrapText } from './table.ts';

const WIDTH = 120;
const INDENT = '    ';

/** Something that nothing explains as lines of at most 120 characters: what was done, how surprising, and why it is. */
export function deviationLines(deviation: Deviation): string[] {
  const { subject, container, event } = deviation;
  const where = plain(event.container?.name ?? container ?? subject);
  const time = dim(event.time.slice(11, 19));
  if ('use' in deviation) return [`${time} ${yellow('more')} ${bold(where)} ${plain(deviation.use.reason)}`];
  const { surprise, reasons, isGrave, isSettled, behaviour } = deviation.judgement;
  const mark = isGrave ? red('grave') : isSettled ? yellow('new') : dim('new');
  const bits = dim(`${surprise.toFixed(1)} bits`);
  const standing = isSettled ? [] : [`${behaviour.dimension} is not settled yet: it is told, and not stopped`];
  const told = [...reasons, ...standing].flatMap((sentence) => wrapText(plain(sentence), WIDTH - INDENT.length));
  return [
    `${time} ${mark} ${bold(where)} ${behaviourWords(behaviour)} ${bits}`,
    ...told.map((line) => INDENT + dim(line)),
  ];
}
