import type { EventProcess, RuntimeEvent } from '@breakwater/model';
import { bold, dim, plain, red, yellow } from './style.ts';
import { wrapText } from './table.ts';

/** Columns of a line at most, also where nobody looks at a terminal: alerts are read in logs. */
const WIDTH = 120;
const INDENT = '    ';
/** Processes of a tree that are shown: the one that acted, and those closest above it. */
const MOST_PROCESSES = 6;

const COLOURS: Readonly<Record<string, (text: string) => string>> = { Critical: red, Error: red, Warning: yellow };

/** An alert as lines of at most 120 characters: what happened, then the processes that led to it, and what is known of it. */
export function alertLines(event: RuntimeEvent): string[] {
  const { alert } = event;
  if (alert === undefined) return [];
  const story = (alert.story ?? []).flatMap((sentence) => wrapText(plain(sentence), WIDTH - INDENT.length));
  return [...headLines(event, alert), ...treeLines(event, alert), ...story.map((line) => INDENT + dim(line))];
}

type Alert = NonNullable<RuntimeEvent['alert']>;

function headLines({ time, container, pod, node, count }: RuntimeEvent, alert: Alert): string[] {
  const colour = COLOURS[alert.priority] ?? dim;
  const where = cut(
    plain(pod ? `${pod.namespace}/${pod.name}` : (container?.name ?? container?.id?.slice(0, 12) ?? node ?? '-')),
    40,
  );
  const head = `${time.slice(11, 19)} ${alert.priority.padEnd(8)} ${where}`;
  const times = count === undefined ? '' : ` (${count} times)`;
  const message = cut(plain(alert.message), WIDTH - head.length - times.length - 1);
  const covered = alert.exception === undefined ? '' : `, covered by the exception ${plain(alert.exception)}`;
  const rung = alert.enforcement === 'audit' ? ', audited' : '';
  const source = cut(`${alert.rule}${alert.tags.map((tag) => ` ${plain(tag)}`).join('')}${rung}${covered}`, WIDTH - 4);
  return [
    `${dim(time.slice(11, 19))} ${colour(alert.priority.padEnd(8))} ${bold(where)} ${message}${times}`,
    INDENT + dim(source),
  ];
}

/** From the first process down to the one that acted. */
function treeLines({ process: actor }: RuntimeEvent, { ancestors = [] }: Alert): string[] {
  if (actor === undefined || (actor.path === '' && actor.arguments === '')) return [];
  const line = [actor, ...ancestors.slice(0, MOST_PROCESSES - 1)].reverse();
  const more =
    ancestors.length >= MOST_PROCESSES ? [dim(`${INDENT}... ${ancestors.length - line.length + 1} above`)] : [];
  return [
    ...more,
    ...line.map((one, depth) => {
      const lead = `${INDENT}${depth === 0 ? '' : `${'  '.repeat(depth - 1)}\\_ `}`;
      return lead + cut(describe(one), WIDTH - lead.length);
    }),
  ];
}

function describe({ path, applet, arguments: words, pid, uid, inImage, fileless }: EventProcess): string {
  const name = applet === undefined ? path : `${path} (${applet})`;
  const odd = fileless === true ? ' (in memory only)' : inImage === false ? ' (not in the image)' : '';
  const user = uid === undefined || uid === 0 ? '' : ` as user ${uid}`;
  return plain(`${name}${odd}${pid === undefined ? '' : ` [${pid}]`}${user} ${words}`.trimEnd());
}

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.max(most - 3, 1))}...`;
