import type { Above } from './resources.ts';

/** Replicas that are told apart at a time; of older ones only what they did is left. */
const MOST = 256;
/** Characters of a name; of longer ones both ends. */
const LONGEST_NAME = 128;
/** Minutes before the newest that may still be told of. */
const WINDOW = 32;
/**
 * Minutes one after the other by which a clock that was set back shows that it stays so: a day, as what is told again of the
 * same hours looks like one too.
 */
const SET_BACK = 1440;
/** A replica's first minutes, in which it does what it does once. */
export const START_MINUTES = 5;
/** For how long what is new on a replica is not learned after something grave that is new on it. */
export const SUSPECT_MINUTES = 60;
/** Minutes after which a replica is a witness of what replicas do while they run. */
const LONG = 10;

export interface Replica {
  name: string;
  /** Given in the order in which they came. */
  number: number;
  /** Its first minute that was seen. */
  born: number;
  /** Whether that was its start. */
  isStart: boolean;
  /** The newest minute, and of it and the 31 before it which were watched, and which with losses: bits. */
  last: number;
  watched: number;
  partial: number;
  /** How long it has been behind its newest minute, and where it is. */
  behind: number;
  behindAt: number;
  /** Minutes that were watched whole. */
  minutes: number;
  release: number;
  /** The newest minute that it was heard of in. */
  used: number;
  above: Above;
  /** Until when what is new on it is not learned: something grave was seen, or somebody raised an alert. */
  suspect: number;
  /** Until when it is told, too: something grave was seen that hardly any replica does. */
  told: number;
}

/** By how much whole and partial minutes grew. */
export interface Watched {
  whole: number;
  partial: number;
}
const NOTHING: Watched = { whole: 0, partial: 0 };

/** The replicas of one workload. */
export class Replicas {
  readonly #byName = new Map<string, Replica>();
  given = 0;
  /** How many were watched for long. */
  longWatched = 0;

  constructor(replicas: Iterable<Replica> = [], given = 0, longWatched = 0) {
    for (const replica of replicas) this.#byName.set(replica.name, replica);
    this.given = given;
    this.longWatched = longWatched;
  }

  all(): Replica[] {
    return [...this.#byName.values()];
  }

  /** The replica of this name, known from `minute` on where it was not. */
  of(told: string, minute: number): Replica {
    const name = nameOf(told);
    const known = this.#byName.get(name);
    if (known !== undefined) {
      if (minute > known.used) known.used = minute;
      return known;
    }
    if (this.#byName.size >= MOST) this.#forgetOne();
    const replica: Replica = {
      name,
      number: this.given++,
      born: minute,
      isStart: false,
      last: -1,
      watched: 0,
      partial: 0,
      behind: 0,
      behindAt: -1,
      minutes: 0,
      release: -1,
      used: minute,
      above: {},
      suspect: -1,
      told: -1,
    };
    this.#byName.set(name, replica);
    return replica;
  }

  /** The replica of this name, where it is known. */
  known(told: string): Replica | undefined {
    return this.#byName.get(nameOf(told));
  }

  #forgetOne(): void {
    let oldest: Replica | undefined;
    for (const replica of this.#byName.values())
      if (oldest === undefined || replica.used < oldest.used) oldest = replica;
    if (oldest !== undefined) this.#byName.delete(oldest.name);
  }

  /**
   * Notes that a replica was watched in a minute. Each minute counts once, whole only if nothing was lost in it, and none
   * where the clock was set back: until it has been behind for a day of minutes, which is then taken for the truth.
   */
  watch(replica: Replica, minute: number, isPartial: boolean): Watched {
    const ahead = minute - replica.last;
    if (replica.last < 0 || ahead >= WINDOW) beginWindow(replica, minute);
    else if (ahead > 0) {
      replica.watched <<= ahead;
      replica.partial <<= ahead;
      replica.last = minute;
      replica.behind = 0;
    } else if (ahead <= -WINDOW) {
      replica.behind =
        minute === replica.behindAt ? replica.behind : minute > replica.behindAt ? replica.behind + 1 : 1;
      replica.behindAt = minute;
      if (replica.behind < SET_BACK) return NOTHING;
      beginWindow(replica, minute);
    }
    const watched = mark(replica, 1 << (replica.last - minute), isPartial);
    replica.minutes += watched.whole;
    if (watched.whole > 0 && replica.minutes === LONG) this.longWatched += 1;
    else if (watched.whole < 0 && replica.minutes === LONG - 1) this.longWatched -= 1;
    return watched;
  }
}

function beginWindow(replica: Replica, minute: number): void {
  replica.last = minute;
  replica.watched = 0;
  replica.partial = 0;
  replica.behind = 0;
}

function mark(replica: Replica, bit: number, isPartial: boolean): Watched {
  const wasWatched = (replica.watched & bit) !== 0;
  const wasPartial = (replica.partial & bit) !== 0;
  replica.watched |= bit;
  if (!isPartial) return wasWatched ? NOTHING : { whole: 1, partial: 0 };
  replica.partial |= bit;
  if (wasPartial) return NOTHING;
  return { whole: wasWatched ? -1 : 0, partial: 1 };
}

/** Whether a replica is in its first minutes, as far as is known. */
export const isStarting = ({ isStart, born }: Replica, minute: number): boolean =>
  isStart && minute - born < START_MINUTES;

const nameOf = (told: string): string =>
  told.length > LONGEST_NAME ? `${told.slice(0, LONGEST_NAME / 2)}${told.slice(-LONGEST_NAME / 2)}` : told;
