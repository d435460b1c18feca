import type { Observation } from '@breakwater/model';

/** Most paths of each kind that an observation holds; beyond it nothing counts as "not seen". */
export const MOST_PATHS = 20_000;
/** Most names of each kind (nodes, workloads, references). */
export const MOST_NAMES = 256;

type HourRange = [from: number, to: number];

/**
 * Joins observations of the same key. In any order and however often the same one is given, the result is the same
 * (as long as `MOST_PATHS` is not reached, which is marked).
 */
export function mergeObservations(...lists: readonly (readonly Observation[])[]): Observation[] {
  const byKey = new Map<string, Observation>();
  for (const observation of lists.flat()) {
    const other = byKey.get(observation.key);
    byKey.set(observation.key, merge(other ?? observation, observation));
  }
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Joins hours and ranges of hours into the fewest ranges, in order. */
export function joinHours(ranges: readonly HourRange[]): HourRange[] {
  const joined: HourRange[] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

function merge(a: Observation, b: Observation): Observation {
  const executed = mergeSightings(a.executed, b.executed);
  const opened = mergeSightings(a.opened, b.opened);
  const imageDigest = a.imageDigest ?? b.imageDigest;
  const times = [a.first, a.last, b.first, b.last].sort();
  return {
    key: a.key,
    ...(imageDigest && { imageDigest }),
    references: mergeNames(a.references, b.references),
    workloads: mergeNames(a.workloads, b.workloads),
    reporters: mergeNames(a.reporters, b.reporters),
    executed: executed.kept,
    opened: opened.kept,
    first: times[0] ?? a.first,
    last: times.at(-1) ?? a.last,
    hours: joinHours([...a.hours, ...b.hours]),
    execReported: a.execReported || b.execReported,
    openReported: a.openReported || b.openReported,
    lossReported: a.lossReported || b.lossReported,
    truncated: a.truncated || b.truncated || executed.truncated || opened.truncated,
  };
}

function mergeSightings(a: Observation['opened'], b: Observation['opened']) {
  const byPath = new Map(a.map(({ path, lastSeen }) => [path, lastSeen]));
  for (const { path, lastSeen } of b) {
    const other = byPath.get(path);
    if (other === undefined || other < lastSeen) byPath.set(path, lastSeen);
  }
  return boundedSightings(byPath);
}

/** The sightings sorted by path; where there are too many, those seen last are kept. */
export function boundedSightings(byPath: ReadonlyMap<string, string>): {
  kept: Observation['opened'];
  truncated: boolean;
} {
  let kept = Array.from(byPath, ([path, lastSeen]) => ({ path, lastSeen }));
  const truncated = kept.length > MOST_PATHS;
  if (truncated) kept = kept.sort(latestFirst).slice(0, MOST_PATHS);
  return { kept: kept.sort((a, b) => (a.path < b.path ? -1 : 1)), truncated };
}

function latestFirst(a: { path: string; lastSeen: string }, b: { path: string; lastSeen: string }): number {
  if (a.lastSeen !== b.lastSeen) return a.lastSeen > b.lastSeen ? -1 : 1;
  return a.path < b.path ? -1 : 1;
}

/** Names without repetition, sorted, bounded. */
export function mergeNames(...lists: readonly Iterable<string>[]): string[] {
  return [...new Set(lists.flatMap((list) => [...list]))].sort().slice(0, MOST_NAMES);
}
