import {
  type Behaviour,
  type BehaviourProfile,
  DIMENSIONS,
  type DimensionState,
  isHeldByPerson,
  type KnownBehaviour,
  type LearnedProfile,
  type PendingBehaviour,
  type ProfileRelease,
} from '@breakwater/model';
import { behaviourText } from '../behaviour-key.ts';
import type { Entry } from './entry.ts';
import type { Model } from './model.ts';
import { timeOf } from './moment.ts';
import type { Release } from './releases.ts';
import { LONGEST } from './resources.ts';

/** What is known, for people. `now` in minutes decides who still answers for what. */
export function describeModel(model: Model, dimensions: DimensionState[], now: number): LearnedProfile {
  const { subject, container, budget, table, replicas, releases, resources, growth } = model;
  const entries = [...table.values()].sort(byText);
  const seen = entries.filter(({ first }) => first >= 0);
  const from = Math.min(...seen.map(({ first }) => first));
  const until = Math.max(...seen.map(({ last }) => last));
  const idOf = (number: number): string[] => {
    const release = releases.numbered(number);
    return release === undefined ? [] : [release.facts.id];
  };
  return {
    version: 1,
    subject,
    ...(container !== undefined && { container }),
    ...(seen.length > 0 && { from: timeOf(from), until: timeOf(until) }),
    budget,
    dimensions,
    behaviours: entries.filter((entry) => originOf(entry, now) !== undefined).map((entry) => knownOf(entry, now, idOf)),
    pending: entries.filter((entry) => originOf(entry, now) === undefined).map((entry) => pendingOf(entry, idOf)),
    releases: releases
      .all()
      .sort((a, b) => a.number - b.number)
      .map((release) => releaseOf(release, model)),
    resources: resources.describe(replicas.all().filter(({ used }) => now - used <= LONGEST)),
    dropped: table.dropped,
    ...(table.letGo > 0 && { letGo: table.letGo }),
    growth: growth.all().map(([minute, behaviours]) => ({ time: timeOf(minute), behaviours })),
  };
}

const originOf = (entry: Entry, now: number): Entry['origin'] => (now >= entry.until ? entry.base : entry.origin);

function byText(a: Entry, b: Entry): number {
  if (a.dimension !== b.dimension) return a.dimension - b.dimension;
  const [one, other] = [behaviourText(a.behaviour), behaviourText(b.behaviour)];
  return one < other ? -1 : one > other ? 1 : 0;
}

const seenOf = (entry: Entry, idOf: (number: number) => string[]) => ({
  behaviour: entry.behaviour,
  key: entry.key,
  incidences: entry.incidences,
  replicas: entry.replicas.length,
  days: entry.days.length,
  releases: entry.releases.flatMap(idOf),
});

function knownOf(entry: Entry, now: number, idOf: (number: number) => string[]): KnownBehaviour {
  return {
    ...seenOf(entry, idOf),
    origin: originOf(entry, now)!,
    ...(entry.first >= 0 && { first: timeOf(entry.first), last: timeOf(entry.last) }),
    ...(entry.reason !== undefined && { reason: entry.reason }),
    ...(entry.until < Number.POSITIVE_INFINITY && now < entry.until && { expires: timeOf(entry.until) }),
  };
}

function pendingOf(entry: Entry, idOf: (number: number) => string[]): PendingBehaviour {
  const incident = entry.incidents.find((holder) => !isHeldByPerson(holder));
  return {
    ...seenOf(entry, idOf),
    first: timeOf(Math.max(0, entry.first)),
    last: timeOf(Math.max(0, entry.last)),
    ...(incident !== undefined && { incident }),
    ...heldBy(entry),
  };
}

function heldBy({ incidents, grave, isQuarantined }: Entry): Pick<PendingBehaviour, 'held' | 'reason'> {
  const person = incidents.find(isHeldByPerson);
  if (person !== undefined) return { held: 'never', reason: person };
  if (incidents.length > 0)
    return { held: 'incident', reason: `it belongs to incident ${incidents[0]}, which is open` };
  if (grave !== undefined)
    return { held: 'never', reason: `${grave}: only who declares or answers for it makes it good` };
  if (isQuarantined)
    return { held: 'witnesses', reason: 'it came with something grave on the same replica, and awaits another one' };
  return { held: 'witnesses', reason: 'it was new where nothing new was expected, and awaits other replicas or days' };
}

function releaseOf(release: Release, { table, resources }: Model): ProfileRelease {
  const behaviourOf = (key: string): Behaviour | undefined => table.get(key)?.behaviour;
  const { facts, since, last, minutes, replicas, difference, explained, unexplained } = release;
  const used = resources.describeRelease(release.number);
  return {
    // Their files are in the scan of the image.
    facts: { ...facts, files: [], filesKnown: false },
    since: timeOf(since),
    last: timeOf(last),
    minutes,
    replicas: replicas.length,
    ...(difference !== undefined && { difference }),
    ...(used.length > 0 && { resources: used }),
    explained: explained.flatMap(({ key, by }) => {
      const behaviour = behaviourOf(key);
      return behaviour === undefined ? [] : [{ key, behaviour, by }];
    }),
    unexplained: unexplained.flatMap((key) => {
      const behaviour = behaviourOf(key);
      return behaviour === undefined ? [] : [{ key, behaviour }];
    }),
  };
}

/** What is known, as a set. Of dimensions that are not in it nothing follows from an absence. */
export function profileOfModel(
  model: Model,
  states: readonly DimensionState[],
  settledOnly: boolean,
): BehaviourProfile {
  const { subject, container, table, releases, latest } = model;
  const isIn = (state: DimensionState): boolean => (settledOnly ? state.isSettled : state.isSeen);
  const dimensions = new Set(states.filter(isIn).map(({ dimension }) => dimension));
  const entries = [...table.values()]
    .filter((entry) => originOf(entry, latest) !== undefined && dimensions.has(entry.behaviour.dimension))
    .sort(byText);
  const seen = entries.filter(({ first }) => first >= 0);
  const imageDigest = releases.newest?.facts.imageDigest;
  return {
    subject,
    ...(container !== undefined && { container }),
    ...(imageDigest !== undefined && { imageDigest }),
    origin: 'recorded',
    ...(seen.length > 0 && {
      from: timeOf(Math.min(...seen.map(({ first }) => first))),
      until: timeOf(Math.max(...seen.map(({ last }) => last))),
    }),
    partial: table.dropped > 0 || (table.letGo > 0 && dimensions.has('open')),
    dimensions: DIMENSIONS.filter((dimension) => dimensions.has(dimension)),
    behaviours: entries.map(({ behaviour }) => behaviour),
  };
}
