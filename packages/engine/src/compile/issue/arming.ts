import {
  type Behaviour,
  DIMENSIONS,
  type DimensionState,
  isHeldByPerson,
  type LearnedProfile,
  type ProfileRelease,
} from '@breakwater/model';
import { poissonUpper95 } from '../../behaviour/index.ts';
import { spellBehaviour } from './spell-behaviour.ts';

export type Dimension = Behaviour['dimension'];

/** Replicas or days that make a habit, and of how many minutes of replicas it is seen in one. */
const HABIT_WITNESSES = 3;
const HABIT_MINUTES = 20;
const DAY = 86_400_000;

/** Whether what a profile does not hold may be refused in one dimension, and what is missing where it may not. */
export interface DimensionArming {
  dimension: Dimension;
  isSeen: boolean;
  isArmed: boolean;
  /** A sentence: why, or what is missing. */
  note: string;
}

/** Which image a container runs, where that is known: a release that the profile does not know is not held to it. */
export interface Running {
  imageDigest?: string | undefined;
}

/**
 * Decides in which dimensions a profile may block: those that are settled, while the release that runs is known, its
 * difference from the one before is explained, and no habit of the workload awaits somebody's word. All seven are in the
 * answer, in their order.
 */
export function armingOf(learned: LearnedProfile, running: Running = {}): DimensionArming[] {
  const states = new Map(learned.dimensions.map((state) => [state.dimension, state]));
  const ofRelease = releaseObstacle(learned, running);
  return DIMENSIONS.map((dimension) => {
    const state = states.get(dimension);
    const isSeen = state?.isSeen === true;
    const obstacle =
      settledObstacle(learned, state) ??
      ofRelease ??
      unexplainedObstacle(learned, dimension) ??
      habitObstacle(learned, state!);
    return { dimension, isSeen, isArmed: obstacle === undefined, note: obstacle ?? settledNote(state!) };
  });
}

const settledNote = ({ minutes, atMost }: DimensionState): string =>
  `settled: ${hours(minutes)} of replicas were watched whole, and at most ${round(atMost)} false refusals are to be expected in the period of the budget`;

function settledObstacle(learned: LearnedProfile, state: DimensionState | undefined): string | undefined {
  if (state === undefined || !state.isSeen) return 'nothing that reports tells of it';
  if (learned.dropped > 0)
    return `${learned.dropped} behaviours found no room: what is not in the profile may be known`;
  if (state.dimension === 'open' && learned.letGo !== undefined)
    return 'it opens more files of known kinds than the profile lists: what is not listed may be known';
  return state.isSettled ? undefined : `not settled: ${state.note}`;
}

/** The release that came last: others may run beside it, and have been watched for longer. */
export function newestRelease({ releases }: LearnedProfile): ProfileRelease | undefined {
  return releases.toSorted((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0)).at(-1);
}

/**
 * What cannot be compared with the release before explains nothing, and has to be watched for as long as if nothing had been
 * known: until no more is to be expected than the budget bears, where nothing unexplained was seen.
 */
function releaseObstacle(learned: LearnedProfile, { imageDigest }: Running): string | undefined {
  const newest = newestRelease(learned);
  const known = learned.releases.flatMap(({ facts }) => facts.imageDigest ?? []);
  if (imageDigest !== undefined && known.length > 0 && !known.includes(imageDigest))
    return `a release runs that the profile has not seen (${short(imageDigest)}): its difference is to be explained first`;
  if (newest === undefined || learned.releases.length === 1) return undefined;
  const left = (poissonUpper95(0) * 60 * learned.budget.hours) / learned.budget.alerts - newest.minutes;
  if (left <= 0) return undefined;
  const until = `blocks after ${hours(Math.ceil(left))} of its replicas`;
  if (newest.difference === undefined)
    return `release ${nameOf(newest)} was not compared with the one before: ${until}`;
  const [missing] = newest.difference.incomplete;
  return missing && `release ${nameOf(newest)} could not be compared in full: ${missing}; ${until}`;
}

/**
 * What the newest release does and nothing explains, while it still may turn out to be good. What is grave or belongs to an
 * incident takes no guard away: an intruder would do just that first.
 */
function unexplainedObstacle(learned: LearnedProfile, dimension: Dimension): string | undefined {
  const newest = newestRelease(learned);
  if (newest === undefined) return undefined;
  const awaiting = new Set(learned.pending.filter(({ held }) => held === 'witnesses').map(({ key }) => key));
  const open = newest.unexplained.filter(
    ({ key, behaviour }) => behaviour.dimension === dimension && awaiting.has(key),
  );
  const [first] = open;
  if (first === undefined) return undefined;
  const more = open.length > 1 ? ` and ${open.length - 1} more` : '';
  return `release ${nameOf(newest)} does what nothing explains yet: ${spellBehaviour(first.behaviour)}${more}`;
}

/**
 * What replicas have done from the beginning and over and over, and is never absorbed: to refuse it would stop the workload.
 * What came later takes no guard away, nor what somebody wants to be refused.
 */
function habitObstacle(
  { pending, from = '' }: LearnedProfile,
  { dimension, minutes }: DimensionState,
): string | undefined {
  const habit = pending.find(
    ({ behaviour, reason, incidences, replicas, days, first }) =>
      behaviour.dimension === dimension &&
      !isHeldByPerson(reason) &&
      Math.max(replicas, days) >= HABIT_WITNESSES &&
      incidences * HABIT_MINUTES >= minutes &&
      Date.parse(first) - Date.parse(from) < DAY,
  );
  if (habit === undefined) return undefined;
  const where = habit.incident === undefined ? '' : ` in incident ${habit.incident}`;
  return `from the beginning and over and over ${spellBehaviour(habit.behaviour)}, and nobody has said${where} that it may`;
}

const nameOf = ({ facts }: ProfileRelease): string => facts.image ?? short(facts.imageDigest ?? facts.id);
const short = (digest: string): string => digest.replace(/^sha256:/, '').slice(0, 12);
const round = (value: number): string => (value < 0.01 ? '0.01' : value.toPrecision(2));

/** `31 hours`, of minutes. */
export function hours(minutes: number): string {
  if (minutes < 60) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const whole = Math.floor(minutes / 60);
  return whole === 1 ? '1 hour' : `${whole.toLocaleString('en')} hours`;
}
