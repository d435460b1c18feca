import type { Incident, RuntimeEvent } from '@breakwater/model';
import { eventLine } from '../terminal/print-event.ts';
import { incidentLines } from '../terminal/print-incident.ts';
import { bold, green, plain, red, yellow } from '../terminal/style.ts';
import { wrapColumns, wrapText } from '../terminal/table.ts';
import { type FileOrigin, type Loot, type Performance, type Round, SHOWN_AS } from './round.ts';

/** The whole demo as it is read: what it is, the attack twice, and the incident. */
export function describePerformance(performance: Performance, incidents: readonly Incident[], width: number): string[] {
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
    ...describeIncidents(performance, incidents, width),
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

function describeIncidents({ origins }: Performance, incidents: readonly Incident[], width: number): string[] {
  return [
    bold('The incident of the second attack, as breakwater incidents tells it; the container is gone by now'),
    '',
    ...incidents.flatMap((incident) => [...incidentLines(incident), '']),
    bold('What keeps it from coming again, in this image'),
    ...adviceOf(origins).flatMap((advice) => wrapText(advice, width - 2).map((line) => `  ${line}`)),
  ];
}

function adviceOf(origins: readonly FileOrigin[]): string[] {
  const lineOf = (path: string): number => origins.find((origin) => origin.path === path)?.line ?? 0;
  return [
    `Take eval out of cgi-bin/status, which Dockerfile:${lineOf('/app/cgi-bin/status')} copies.`,
    `Leave nc out of the image (Dockerfile:${lineOf('/bin/nc')}), and mount the key instead of copying it (Dockerfile:${lineOf('/root/.aws/credentials')}).`,
    `Block it from now on: breakwater sensor --container ${SHOWN_AS} --block programs,connections,credentials`,
  ];
}

/** Whether the second attack got away with what the sensor is to stop. */
export function isHeld({ rounds }: Performance): boolean {
  const [audit, block] = rounds;
  if (audit === undefined || block === undefined) return false;
  const wasReal = audit.loot.dropped !== '' && audit.loot.shell !== '' && audit.loot.key !== '';
  return wasReal && block.loot.dropped === '' && block.loot.shell === '';
}
