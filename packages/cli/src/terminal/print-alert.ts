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

/** Lines of one message: whoever is told of has no say in how much room it takes. */
const MOST_LINES = 4;

/** With the day: recordings hold many. What is longer than a line goes on below. */
function headLines({ time, container, pod, node, count }: RuntimeEvent, alert: Alert): string[] {
  const priority = plain(alert.priority).padEnd(8);
  const colour = COLOURS[alert.priority] ?? dim;
  const where = cut(
    plain(pod ? `${pod.namespace}/${pod.name}` : (container?.name ?? container?.id?.slice(0, 12) ?? node ?? '-')),
    40,
  );
  const day = plain(time.slice(0, 19)).replace('T', ' ');
  const times = count === undefined ? '' : ` (${count} times)`;
  const head = `${day} ${priority} ${where}`;
  const [first = '', ...rest] = wrapWords(`${plain(alert.message)}${times}`, head.length + 1);
  const covered = alert.exception === undefined ? '' : `, covered by the exception ${plain(alert.exception)}`;
  const rung = alert.enforcement === 'audit' ? ', audited' : '';
  const source = cut(
    `${plain(alert.rule)}${alert.tags.map((tag) => ` ${plain(tag)}`).join('')}${rung}${covered}`,
    WIDTH - 4,
  );
  return [`${dim(day)} ${colour(priority)} ${bold(where)} ${first}`, ...rest, INDENT + dim(source)];
}

/** The first line has less room; a word that fits nowhere is cut. */
function wrapWords(text: string, taken: number): string[] {
  const room = WIDTH - taken;
  const [first = '', ...rest] = wrapText(text, room);
  if (first.length > room) return [cut(first, room), ...wrapBelow(rest.join(' '))];
  return [first, ...wrapBelow(rest.join(' '))];
}

function wrapBelow(text: string): string[] {
  if (text === '') return [];
  const lines = wrapText(text, WIDTH - INDENT.length).map((line) => INDENT + cut(line, WIDTH - INDENT.length));
  return lines.length < MOST_LINES ? lines : [...lines.slice(0, MOST_LINES - 1), `${INDENT}...`];
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
