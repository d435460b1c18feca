import type { Observation, RuntimeEvent } from '@breakwater/model';
import { boundedSightings, joinHours, MOST_NAMES, MOST_PATHS, mergeNames, mergeObservations } from './observation.ts';
import type { Reporter } from './reporters.ts';

/** Characters of a key: nothing that runs has a longer name, and databases index no text of any length. */
const LONGEST_KEY = 800;
const HOUR = 3_600_000;
const MOST_OBSERVATIONS = 50_000;
/** Files of the kernel and scratch files belong to no package: opening them proves nothing. */
const WITHOUT_OWNER = /^\/(?:proc|sys|dev|tmp|run)\//;

interface Gathered {
  imageDigest: string | undefined;
  references: Set<string>;
  workloads: Set<string>;
  reporters: Set<string>;
  executed: Map<string, string>;
  opened: Map<string, string>;
  first: string;
  last: string;
  execReported: boolean;
  openReported: boolean;
  truncated: boolean;
  /** The event before: most events come from where the last one came from, and then no name needs to be added. */
  previous: RuntimeEvent | undefined;
}

/** Folds runtime events, one at a time, into what they prove about images. */
export interface EvidenceCollector {
  add(event: RuntimeEvent): void;
  /** What was gathered so far, joined with what the collector began with. */
  observations(): Observation[];
  /** Who told, when and whether something of it was lost: what holds of events that others collect apart. */
  reporters(): Reporter[];
}

/**
 * A collector whose memory is bounded by the images seen, never by the number of events. Events outside containers
 * are evidence of no image and are left out; losses count for every image of the reporter, since nobody knows whose
 * events were lost.
 */
export function createEvidenceCollector(before: readonly Observation[] = []): EvidenceCollector {
  const gathered = new Map<string, Gathered>();
  const alive = new Map<string, Set<string>>();
  const lossy = new Set<string>();
  let reporter = '';
  let reporting: RuntimeEvent | undefined;
  return {
    add(event) {
      if (reporting?.source !== event.source || reporting.node !== event.node) {
        reporter = `${event.source}@${event.node ?? ''}`.slice(0, LONGEST_KEY);
      }
      if (event.type === 'loss') lossy.add(event.node === undefined ? event.source : reporter);
      else note(alive, reporter, event.time);
      reporting = event;
      const key = observationKey(event);
      if (key !== undefined && event.type !== 'loss') gather(gathered, key, reporter, event);
    },
    observations() {
      const fresh = Array.from(gathered, ([key, found]) => observationOf(key, found, alive, lossy));
      return mergeObservations(before, fresh);
    },
    reporters: () =>
      [...new Set([...alive.keys(), ...lossy])].map((name) => ({
        name,
        hours: joinHours(Array.from(alive.get(name) ?? [], (hour) => [hourOf(hour), hourOf(hour)])),
        lossy: lossy.has(name),
      })),
  };
}

/** Whole hours since 1970 of `2026-11-20T10`. */
const hourOf = (hour: string): number => Date.parse(`${hour}:00:00.000Z`) / HOUR;

/** What events of one image have in common. */
function observationKey({ container, pod }: RuntimeEvent): string | undefined {
  if (container?.imageDigest) return container.imageDigest.slice(0, LONGEST_KEY);
  if (container?.image) return `reference:${container.image}`.slice(0, LONGEST_KEY);
  return pod && `workload:${pod.namespace}/${ownerOf(pod)}`.slice(0, LONGEST_KEY);
}

function ownerOf({ workload, name }: NonNullable<RuntimeEvent['pod']>): string {
  return workload ?? name;
}

/** Hours are kept as the beginning of the time, `2026-11-20T10`: parsing every time would cost more than all else. */
function note(alive: Map<string, Set<string>>, reporter: string, time: string): void {
  const hours = alive.get(reporter);
  if (hours) hours.add(time.slice(0, 13));
  else if (alive.size < MOST_OBSERVATIONS) alive.set(reporter, new Set([time.slice(0, 13)]));
}

function gather(all: Map<string, Gathered>, key: string, reporter: string, event: RuntimeEvent): void {
  let found = all.get(key);
  if (!found) {
    if (all.size >= MOST_OBSERVATIONS) return;
    found = empty(event);
    all.set(key, found);
  }
  if (event.time < found.first) found.first = event.time;
  if (event.time > found.last) found.last = event.time;
  nameOrigin(found, reporter, event);
  // Alerts come of what a policy names: no sign that everything is told.
  if (event.type === 'exec' && !event.alert) found.execReported = true;
  if (event.type === 'open' && !event.alert) found.openReported = true;
  const { process: actor, file: object } = event;
  const isDone = event.failure === undefined && event.prevention !== 'stopped';
  if (actor && (isDone || event.type !== 'exec')) see(found, found.executed, actor.path, event.time);
  const file = isDone && event.type === 'open' ? object : undefined;
  if (file?.access === 'execute') see(found, found.executed, file.path, event.time);
  else if (file && (file.access === undefined || file.access === 'read') && !WITHOUT_OWNER.test(file.path)) {
    see(found, found.opened, file.path, event.time);
  }
}

function nameOrigin(found: Gathered, reporter: string, event: RuntimeEvent): void {
  const { container, pod, node, source } = event;
  const { previous } = found;
  found.previous = event;
  if (previous?.node !== node || previous?.source !== source) addName(found.reporters, reporter);
  const image = container?.image;
  if (image && image !== previous?.container?.image) addName(found.references, image);
  const before = previous?.pod;
  if (!pod || (before && before.namespace === pod.namespace && ownerOf(before) === ownerOf(pod))) return;
  addName(found.workloads, `${pod.namespace}/${ownerOf(pod)}`);
}

function see(found: Gathered, paths: Map<string, string>, path: string, time: string): void {
  if (!path.startsWith('/')) return;
  const before = paths.get(path);
  if (before === undefined && paths.size >= MOST_PATHS) found.truncated = true;
  else if (before === undefined || before < time) paths.set(path, time);
}

function addName(names: Set<string>, name: string): void {
  if (names.size < MOST_NAMES) names.add(name);
}

function empty(event: RuntimeEvent): Gathered {
  return {
    imageDigest: event.container?.imageDigest,
    references: new Set(),
    workloads: new Set(),
    reporters: new Set(),
    executed: new Map(),
    opened: new Map(),
    first: event.time,
    last: event.time,
    execReported: false,
    openReported: false,
    truncated: false,
    previous: undefined,
  };
}

function observationOf(
  key: string,
  found: Gathered,
  alive: ReadonlyMap<string, Set<string>>,
  lossy: ReadonlySet<string>,
): Observation {
  const [first, last] = [Date.parse(found.first) / HOUR, Date.parse(found.last) / HOUR];
  const hours = [...found.reporters]
    .flatMap((reporter) => [...(alive.get(reporter) ?? [])])
    .map(hourOf)
    .filter((hour) => hour >= Math.floor(first) && hour <= last)
    .map((hour): [number, number] => [hour, hour]);
  return {
    key,
    ...(found.imageDigest && { imageDigest: found.imageDigest }),
    references: mergeNames(found.references),
    workloads: mergeNames(found.workloads),
    reporters: mergeNames(found.reporters),
    executed: boundedSightings(found.executed).kept,
    opened: boundedSightings(found.opened).kept,
    first: found.first,
    last: found.last,
    hours: joinHours(hours),
    execReported: found.execReported,
    openReported: found.openReported,
    lossReported: [...found.reporters].some((reporter) => isLossy(reporter, lossy)),
    truncated: found.truncated,
  };
}

/** A loss that names no node may have happened on any. */
function isLossy(reporter: string, lossy: ReadonlySet<string>): boolean {
  return lossy.has(reporter) || lossy.has(reporter.slice(0, reporter.indexOf('@')));
}
