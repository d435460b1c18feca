import { type AlertBudget, DIMENSIONS, type DimensionState } from '@breakwater/model';
import type { Entry } from './entry.ts';
import type { KnownIndex } from './known-index.ts';
import { poissonUpper95 } from './poisson-bound.ts';
import { SUSPECT_MINUTES } from './replicas.ts';

/** Replicas from which on they are compared with one another. */
const COMPARED_REPLICAS = 3;
/** Starts from which on they are compared. */
const COMPARED_STARTS = 2;
/** Hours after which things come again: what promises twice as long must have watched one. */
const PERIODS = [24, 168];
/** Of the hours that are promised, the part that must have been watched at the least. */
const LEAST_PART = 6;

/** What settledness is counted from. */
export interface Watching {
  budget: AlertBudget;
  entries: Iterable<Entry>;
  known: KnownIndex;
  /** Of each dimension. */
  minutes: readonly number[];
  partialMinutes: readonly number[];
  /** Different hours that were watched. */
  hours: number;
  /** Replicas that were watched for some time. */
  replicas: number;
  /** Starts of replicas that were watched from their beginning; of a release by its number. */
  starts: number;
  startsOf(release: number): number;
  dropped: number;
}

/** A dimension, and whether it is settled for what replicas do after their start. */
export interface Settledness extends DimensionState {
  isSteady: boolean;
  /** Whether at most one new thing is to be expected while a replica is suspect. */
  isCalm: boolean;
}

/**
 * How sure each dimension is. Good and Turing: what was seen once tells how much was not seen. The unit is a minute of a
 * replica, so that a loop is no evidence, and once is what an alert would have been for, had it come now: nothing that a
 * release, a prior or many of its kind explain. With three replicas or more, those that did something no other did are
 * counted in the same way, and the worse of both holds.
 */
export function settledness(watching: Watching): Settledness[] {
  const counts = DIMENSIONS.map(() => ({ behaviours: 0, once: 0, owners: new Set<number>() }));
  const isCompared = watching.replicas >= COMPARED_REPLICAS;
  for (const entry of watching.entries) {
    const count = counts[entry.dimension]!;
    if (entry.origin !== undefined) count.behaviours += 1;
    const isOnly = isOnce(entry);
    const isOwn = isCompared && !entry.isStart && entry.replicas.length === 1;
    if ((!isOnly && !isOwn) || !isNews(entry, watching)) continue;
    if (isOnly) count.once += 1;
    if (isOwn) count.owners.add(entry.replicas[0]!);
  }
  return counts.map(({ behaviours, once, owners }, index) => {
    return stateOf(index, behaviours, once, Math.max(once, owners.size), watching);
  });
}

/** Seen in one minute of one replica; of what replicas do as they start, at one start. */
const isOnce = (entry: Entry): boolean => (entry.isStart ? entry.replicas.length === 1 : entry.incidences === 1);

/**
 * Whether an alert would have been for it. What waits for witnesses was alerted and is not counted: whoever got in could
 * otherwise unsettle a profile, and be learned.
 */
function isNews(entry: Entry, { known, starts, startsOf }: Watching): boolean {
  if (entry.origin !== 'learned' || entry.reason !== undefined || entry.incidences === 0) return false;
  if (entry.isStart) {
    const release = entry.releases.at(-1);
    // One start has nothing to be compared with.
    if ((release === undefined ? starts : startsOf(release)) < COMPARED_STARTS) return false;
  }
  return known.groups.more(entry.behaviour, 1) === undefined && !known.isOfPattern(entry.behaviour);
}

function stateOf(
  index: number,
  behaviours: number,
  once: number,
  seenOnce: number,
  { budget, minutes: all, partialMinutes, hours, starts, dropped }: Watching,
): Settledness {
  const minutes = all[index]!;
  const period = budget.hours * 60;
  const expected = (seenOnce / Math.max(1, minutes)) * period;
  const atMost = (poissonUpper95(seenOnce) / Math.max(1, minutes)) * period;
  const isCalm = dropped === 0 && poissonUpper95(seenOnce) * SUSPECT_MINUTES <= minutes;
  const isSeen = minutes > 0 || behaviours > 0;
  const missing = missingOf({ isSeen, minutes, hours, dropped, seenOnce, atMost, budget });
  const isSteady = missing === undefined;
  const isSettled = isSteady && starts >= COMPARED_STARTS;
  const note =
    missing ??
    (isSettled
      ? `at most ${round(atMost)} false alerts in ${budget.hours} hours of a replica`
      : `settles once ${COMPARED_STARTS} starts of replicas were watched; so far ${starts}`);
  return {
    dimension: DIMENSIONS[index]!,
    isSeen,
    minutes,
    partialMinutes: partialMinutes[index]!,
    behaviours,
    once,
    expected,
    atMost,
    isSettled,
    isSteady,
    isCalm,
    note,
  };
}

interface Missing {
  isSeen: boolean;
  minutes: number;
  hours: number;
  dropped: number;
  seenOnce: number;
  atMost: number;
  budget: AlertBudget;
}

/** What is missing to be settled, as a sentence. */
function missingOf({ isSeen, minutes, hours, dropped, seenOnce, atMost, budget }: Missing): string | undefined {
  if (!isSeen) return 'nobody tells of it';
  if (dropped > 0) return `never settles: ${dropped} behaviours found no room, and nobody can say what comes next`;
  if (minutes === 0) return 'its absence says nothing: nobody tells of it every time';
  const lacking = leastHours(budget) - hours;
  const more = (poissonUpper95(seenOnce) * budget.hours) / budget.alerts - minutes / 60;
  if (atMost > budget.alerts) {
    const seen = seenOnce === 0 ? 'nothing was seen only once' : `${seenOnce} were seen only once`;
    return `settles after ${Math.ceil(Math.max(more, lacking))} more hours of replicas without anything new: ${seen}`;
  }
  if (lacking <= 0) return undefined;
  return `settles after ${Math.ceil(lacking)} more hours: what comes once a ${lacking > 24 ? 'week' : 'day'} may not have been seen`;
}

/** Different hours that must have been watched before so many are promised. */
export function leastHours({ hours }: AlertBudget): number {
  const seen = PERIODS.filter((period) => 2 * period <= hours);
  return Math.max(...seen, Math.min(hours / LEAST_PART, PERIODS.at(-1)!));
}

const round = (value: number): number => Math.round(value * 100) / 100;
