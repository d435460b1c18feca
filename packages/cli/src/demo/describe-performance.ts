import type { EventProcess, RuntimeEvent } from '@breakwater/model';
import { eventLine } from '../terminal/print-event.ts';
import { bold, dim, green, plain, red, yellow } from '../terminal/style.ts';
import { wrapColumns, wrapText } from '../terminal/table.ts';
import type { FileOrigin, Loot, Performance, Round } from './round.ts';

/** Name by which the container of the demo is shown, whatever it was called. */
const SHOWN_AS = 'web';

/** The whole demo as it is read: what it is, the attack twice, and the incident. */
export function describePerformance(
  performance: Performance,
  alerts: readonly RuntimeEvent[],
  width: number,
): string[] {
  const { image, dockerfile, rounds } = performance;
  return [
    bold('A web server with a hole is attacked'),
    ...wrapColumns(
      [
        ['  image', `${image}, built on this machine from ${dockerfile.length} lines and one program`],
        ['  hole', 'its status page runs whatever stands behind host= in a request'],
        ['  attacker', 'another container in the same network, which is cut off from everything else'],
      ],
      width,
    ),
    ...rounds.flatMap((round, index) => ['', ...describeRound(round, index + 1, width)]),
    '',
    ...describeIncident(performance, alerts, width),
  ];
}

const TITLES: Record<Round['step'], string> = {
  audit: 'Audit: everything is told, nothing is stopped',
  block: 'Block: the same attack again',
};

function describeRound({ step, events, loot }: Round, number: number, width: number): string[] {
  const told = events.filter(isTold).map((event) => `  ${eventLine(named(event))}`);
  return [
    bold(`${number}  ${TITLES[step]}`),
    ...told,
    '',
    '  What the attacker has',
    ...wrapColumns(
      describeLoot(loot, events).map(([what, had]) => [`    ${what}`, had ?? '']),
      width,
      6,
    ),
  ];
}

/** Programs that the request started, and all that a guard had a word on. */
const isTold = ({ type, prevention, process }: RuntimeEvent): boolean =>
  prevention !== undefined || (type === 'exec' && process?.path !== '/bin/httpd');

const named = (event: RuntimeEvent): RuntimeEvent => ({ ...event, container: { ...event.container, name: SHOWN_AS } });

function describeLoot(loot: Loot, events: readonly RuntimeEvent[]): [string, string][] {
  const decided = (guard: string): string | undefined => {
    const event = events.find(({ guards }) => (guards as string[] | undefined)?.includes(guard));
    return event?.prevention;
  };
  return [
    [
      'dropped program',
      loot.dropped === ''
        ? green(`nothing: it was killed before its first instruction, and the file that it makes is not there`)
        : red('ran: it made /tmp/mined'),
    ],
    [
      'reverse shell',
      loot.shell === ''
        ? green('nothing: refused before its first packet, and the listener heard nothing')
        : red(`a shell: id answered ${plain(loot.shell.slice(0, 60))}`),
    ],
    ['key in the image', keyOf(loot, decided('credentials'))],
  ];
}

function keyOf({ key }: Loot, prevention: string | undefined): string {
  if (key !== '') return red(`read: ${plain(key.slice(0, 60))}`);
  if (prevention === 'stopped') return green('nothing: the file was not opened');
  if (prevention === 'killed')
    return yellow('nothing: killed when it had opened the file (this kernel cannot refuse that; BPF-LSM can)');
  return green('nothing');
}

function describeIncident(
  { image, rounds, origins, dockerfile }: Performance,
  alerts: readonly RuntimeEvent[],
  width: number,
): string[] {
  const events = rounds[0]?.events ?? [];
  const digest = events[0]?.container?.imageDigest?.slice(0, 19) ?? '';
  const shell = events.find(
    ({ type, guards }) => type === 'connect' && (guards as string[] | undefined)?.includes('connections'),
  );
  return [
    bold('The incident'),
    ...wrapColumns(
      alerts.flatMap(({ alert, count = 1 }) => {
        if (alert === undefined) return [];
        const times = count > 1 ? dim(` (${count} times)`) : '';
        return [[`  ${alert.rule}`, alert.tags.join(' '), `${plain(alert.message)}${times}`]];
      }),
      width,
      6,
    ),
    '',
    '  How it came about',
    `    ${shell === undefined ? '' : plain(treeOf(shell, events))}`,
    '',
    `  What made it possible, in image ${plain(image)} ${plain(digest)}`.trimEnd(),
    ...wrapColumns(
      [
        ...origins.map((origin) => [
          `    ${plain(origin.path)}`,
          `layer ${origin.layer} of ${origin.layers} (${origin.digest.slice(0, 19)})`,
          `Dockerfile:${origin.line}  ${plain(dockerfile[origin.line - 1] ?? origin.instruction)}`,
        ]),
        ['    /tmp/busybox-x', 'in no layer', 'it came while the container ran'],
      ],
      width,
      6,
    ),
    '',
    '  What to do',
    ...adviceOf(origins).flatMap((advice) => wrapText(advice, width - 4).map((line) => `    ${line}`)),
  ];
}

function adviceOf(origins: readonly FileOrigin[]): string[] {
  const lineOf = (path: string): number => origins.find((origin) => origin.path === path)?.line ?? 0;
  return [
    `Take eval out of cgi-bin/status, which Dockerfile:${lineOf('/app/cgi-bin/status')} copies.`,
    `Leave nc out of the image (Dockerfile:${lineOf('/bin/nc')}), and mount the key instead of copying it (Dockerfile:${lineOf('/root/.aws/credentials')}).`,
    `Keep what a container is before it is gone: breakwater respond snapshot ${SHOWN_AS}`,
    `Block it from now on: breakwater sensor --container ${SHOWN_AS} --block programs,connections,credentials`,
  ];
}

/**
 * From the first program of the container to the one that acted: `httpd > sh status[12] > nc[14]`. A program that starts
 * again as it did before is not told again: then what started it before is taken, without its number.
 */
function treeOf({ process, parent }: RuntimeEvent, events: readonly RuntimeEvent[]): string {
  const starts = events.filter(({ type }) => type === 'exec');
  const parentOf = (one: EventProcess): EventProcess | undefined => {
    const same = starts.find((start) => start.process?.pid === one.pid);
    if (same !== undefined) return same.parent;
    const { pid: _, ...alike } =
      starts.find((start) => start.process?.path === one.path && start.process.arguments === one.arguments)?.parent ??
      {};
    return 'path' in alike ? alike : undefined;
  };
  const line: EventProcess[] = [];
  let [current, above] = [process, parent];
  while (current !== undefined && line.length < 16) {
    line.unshift(current);
    [current, above] = [above, above === undefined ? undefined : parentOf(above)];
  }
  return line
    .map(({ path, arguments: words, pid }) => nameOf(path, words) + (pid === undefined ? '' : `[${pid}]`))
    .join(' > ');
}

/** A script's interpreter has the script's name in front of its arguments. */
function nameOf(path: string, words: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const [first = ''] = words.split(' ');
  return name === 'sh' && /^[a-z]+$/.test(first) ? `${name} ${first}` : name;
}

/** Whether the second attack got away with what the sensor is to stop. */
export function isHeld({ rounds }: Performance): boolean {
  const [audit, block] = rounds;
  if (audit === undefined || block === undefined) return false;
  const wasReal = audit.loot.dropped !== '' && audit.loot.shell !== '' && audit.loot.key !== '';
  return wasReal && block.loot.dropped === '' && block.loot.shell === '';
}
