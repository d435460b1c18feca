import { type Behaviour, type BehaviourJudgement, DIMENSIONS, type KnownOrigin } from '@breakwater/model';

/** Beyond these, more witnesses say nothing more. */
export const MOST_WITNESSES = 8;
const MOST_RELEASES = 4;
/** Replicas that do something grave before it is what this workload does. */
export const FEW = 2;

/** What is kept of one behaviour. */
export interface Entry {
  key: string;
  behaviour: Behaviour;
  /** Place in `DIMENSIONS`. */
  dimension: number;
  /** Absent while it is not known: it awaits witnesses, or nothing but somebody's word will do. */
  origin: KnownOrigin | undefined;
  /** What it was before somebody answered for it, or an incident took it. */
  base: KnownOrigin | undefined;
  reason: string | undefined;
  /** Why repetition never absorbs it, as a sentence. */
  grave: string | undefined;
  incidences: number;
  first: number;
  last: number;
  /** The newest minute that was counted, and the replicas in it: a bit for each, by its number. */
  minute: number;
  mask: number;
  /** From when witnesses count; -1 from its next sighting on. */
  since: number;
  /** When nobody answers for it any more. */
  until: number;
  replicas: number[];
  days: number[];
  releases: number[];
  incidents: string[];
  /** Only ever seen in the first minutes of replicas. */
  isStart: boolean;
  /** It came with something grave on the same replica, and is not learned until another one does so. */
  isQuarantined: boolean;
  /** A prior says it. */
  isPrior: boolean;
  /** Others that are known, or the image, say so as well. */
  isImplied: boolean;
  /** What is said of it while nothing changes: the same answer is given thousands of times. */
  said: BehaviourJudgement | undefined;
}

export function newEntry(key: string, behaviour: Behaviour): Entry {
  return {
    key,
    behaviour,
    dimension: DIMENSIONS.indexOf(behaviour.dimension),
    origin: undefined,
    base: undefined,
    reason: undefined,
    grave: undefined,
    incidences: 0,
    first: -1,
    last: -1,
    minute: -1,
    mask: 0,
    since: -1,
    until: Number.POSITIVE_INFINITY,
    replicas: [],
    days: [],
    releases: [],
    incidents: [],
    isStart: true,
    isQuarantined: false,
    isPrior: false,
    isImplied: false,
    said: undefined,
  };
}

/** Who saw it, and when. */
export interface Sighting {
  /** Number of the replica, and of the release. */
  replica: number;
  release: number;
  minute: number;
  /** Whether the replica had just been started. */
  isStart: boolean;
  /** Whether something grave and new was seen on it lately. */
  isSuspect: boolean;
  /** Whether that is not what many replicas do, so that what is new beside it is to be told. */
  isTold: boolean;
}

/** Whether a sighting says nothing more than one that was counted. */
export const isCounted = (entry: Entry, replica: number, minute: number): boolean =>
  entry.minute === minute && (entry.mask & (1 << (replica & 31))) !== 0;

/** Whether a replica would be one of the first few that do so. */
export const isAmongFew = ({ replicas }: Pick<Entry, 'replicas'>, replica: number): boolean =>
  replicas.length < FEW && !replicas.includes(replica);

/**
 * Counts a sighting: one incidence for each replica and minute, so that a loop is not evidence. Minutes that come late
 * count for none, so that a clock which goes to and fro makes no evidence either; what they saw is seen all the same.
 */
export function count(entry: Entry, { replica, release, minute, isStart }: Sighting): void {
  const bit = 1 << (replica & 31);
  if (minute > entry.minute) {
    entry.minute = minute;
    entry.mask = bit;
    entry.incidences += 1;
  } else if (minute === entry.minute && (entry.mask & bit) === 0) {
    entry.mask |= bit;
    entry.incidences += 1;
  }
  if (entry.incidences === 0) entry.incidences = 1;
  if (entry.first < 0 || minute < entry.first) entry.first = minute;
  if (minute > entry.last) entry.last = minute;
  if (entry.since < 0) entry.since = minute;
  if (!isStart) entry.isStart = false;
  note(entry.replicas, replica, MOST_WITNESSES);
  note(entry.days, Math.floor(minute / 1440), MOST_WITNESSES);
  if (release < 0 || entry.releases.at(-1) === release || entry.releases.includes(release)) return;
  entry.releases.push(release);
  if (entry.releases.length > MOST_RELEASES) entry.releases.shift();
}

function note(numbers: number[], number: number, most: number): void {
  if (numbers.length < most && !numbers.includes(number)) numbers.push(number);
}
