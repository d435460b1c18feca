import type { RuntimeEvent } from '@breakwater/model';
import { ancestorsOfSign, containerOf, type IncidentSign, processKey } from './sign.ts';

const MINUTE = 60_000;
/** Signs of a process that is not the first of its container, and of those below it. */
const PROCESS_WINDOW = 12 * 60 * MINUTE;
/** Signs that have only the container's first process in common: everything in it comes from that. */
const TREE_WINDOW = 60 * MINUTE;
/** Signs of one container: sources tell what repeats once, and of some processes not where they came from. */
const CONTAINER_WINDOW = 15 * MINUTE;
/** From a connection to a sign of whom it leads to. */
const CONNECTION_WINDOW = 30 * MINUTE;
/** Clocks of two nodes differ by so much. */
const CLOCKS = 5_000;

/** What a sign has that others may have, and where it looks for them. */
export interface Marks {
  /** Kept with the incident. */
  has: { key: string; window: number }[];
  /** Incidents that have one of these at a time between `before` and `after` milliseconds around it are the same. */
  looks: { key: string; before: number; after: number }[];
}

/** Windows by what a key begins with. */
export function windowOf(key: string): number {
  return WINDOWS[key[0] as keyof typeof WINDOWS] ?? TREE_WINDOW;
}

const WINDOWS = {
  p: PROCESS_WINDOW,
  f: PROCESS_WINDOW,
  t: TREE_WINDOW,
  c: CONTAINER_WINDOW,
  o: CONNECTION_WINDOW,
  s: CONNECTION_WINDOW,
  d: TREE_WINDOW,
};

/**
 * What joins a sign with others: a process of its tree, its container shortly before or after, a file that one made and
 * another ran, the same deed in another replica, and a connection to a workload after which something happened there.
 * `leadsTo` are the workloads that it connected to.
 */
export function marksOf(sign: IncidentSign, leadsTo: readonly string[]): Marks {
  const marks: Marks = { has: [], looks: [] };
  const same = (key: string): void => {
    const window = windowOf(key);
    marks.has.push({ key, window });
    marks.looks.push({ key, before: window, after: window });
  };
  const processes = processesOf(sign);
  for (const [index, key] of processes.entries()) {
    same(`t ${key}`);
    if (index < processes.length - 1) same(`p ${key}`);
  }
  same(`d ${sign.subject} ${whatIs(sign)}`);
  for (const file of filesOf(sign.event)) same(`f ${containerOf(sign.event)} ${file}`);
  same(`c ${containerOf(sign.event)}`);
  markConnections(marks, sign, leadsTo);
  return marks;
}

/** What replicas of a workload do alike, and containers that were started anew, is one story. */
function whatIs({ event, judgement }: IncidentSign): string {
  return judgement?.key ?? `${event.alert?.rule ?? event.type} ${event.process?.path ?? ''}`;
}

/** The one that acted first, the outermost that is known last. */
function processesOf(sign: IncidentSign): string[] {
  const { event } = sign;
  const all = event.process === undefined ? [] : [event.process, ...ancestorsOfSign(sign)];
  return [...new Set(all.flatMap((one) => processKey(event, one) ?? []))];
}

/** Programs that are not the image's, and files that were made: what one process drops another runs. */
function filesOf({ process: actor, file, alert, type }: RuntimeEvent): string[] {
  const files: string[] = [];
  if (actor?.inImage === false && actor.path !== '') files.push(actor.path);
  const kind = alert?.about ?? type;
  const isMade = file?.access === 'create' || file?.access === 'write' || kind === 'change';
  if (file !== undefined && file.inImage === false && isMade) files.push(file.path);
  return files;
}

function markConnections({ has, looks }: Marks, { subject }: IncidentSign, leadsTo: readonly string[]): void {
  has.push({ key: `s ${subject}`, window: CONNECTION_WINDOW });
  looks.push({ key: `o ${subject}`, before: CONNECTION_WINDOW, after: CLOCKS });
  for (const other of leadsTo) {
    has.push({ key: `o ${other}`, window: CONNECTION_WINDOW });
    looks.push({ key: `s ${other}`, before: CLOCKS, after: CONNECTION_WINDOW });
  }
}
