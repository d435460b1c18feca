import type { Component, ComponentEvidence, Image, Observation } from '@breakwater/model';
import { imageKey } from '../inventory/index.ts';
import { canonicalPath, createOwnership } from './ownership.ts';

const DAY = 86_400_000;
/** Days without any event after which the absence of others proves nothing any more. */
const STALE_DAYS = 7;
/** Files that programs load as code. */
const CODE = /(?:\.so(?:\.[\w.]+)?|\.[cm]?jsx?|\.node|\.pyc?|\.rb|\.p[lm]|\.jar|\.class|\.php|\.wasm|\.dll|\/)$/;
const EXECUTABLES = /^\/(?:usr\/(?:local\/)?s?bin|opt\/[^/]+\/s?bin)\//;

type Sightings = Map<string, { path: string; lastSeen: string }>;

/**
 * The observation of an image: by digest where the runtime's digest is one that the image has, else by reference,
 * which says that an image of this name ran, not that it was this one.
 */
export function observationOf(
  image: Image,
  observations: readonly Observation[],
): { observation: Observation; by: 'digest' | 'reference' } | undefined {
  const digests = new Set([image.id, ...image.manifestDigests]);
  const exact = observations.find(({ imageDigest }) => imageDigest !== undefined && digests.has(imageDigest));
  if (exact) return { observation: exact, by: 'digest' };
  const keys = new Set(image.references.map(imageKey));
  const [named, ...others] = observations.filter(({ references }) =>
    references.map(imageKey).some((key) => key !== undefined && keys.has(key)),
  );
  return named && others.length === 0 ? { observation: named, by: 'reference' } : undefined;
}

/**
 * What run time says of every component of an image, by component id. `not-seen` is said only where executions and
 * opened files were observed without loss for a day and the folders of the component's code are among those watched.
 * `now` is ISO 8601.
 */
export function evidenceOf(
  image: Image,
  observation: Observation | undefined,
  now: string,
): Map<string, ComponentEvidence> {
  const evidence = new Map<string, ComponentEvidence>();
  if (!observation) {
    const reason = 'no runtime events of this image';
    for (const { id } of image.components) evidence.set(id, { state: 'cannot-tell', observedDays: 0, reason });
    return evidence;
  }
  const ownership = createOwnership(image.components);
  const executed = sightings(observation.executed, ownership.owners);
  const opened = sightings(observation.opened, ownership.owners);
  const unseen = judgeUnseen(image, observation, now);
  for (const component of image.components) {
    const [run, load] = [executed.get(component.id), opened.get(component.id)];
    if (run) evidence.set(component.id, seen('executed', run));
    else if (load) evidence.set(component.id, seen('loaded', load));
    else evidence.set(component.id, unseen(component));
  }
  return evidence;
}

function seen(state: 'executed' | 'loaded', { path, lastSeen }: { path: string; lastSeen: string }): ComponentEvidence {
  const reason = `${path} was ${state === 'executed' ? 'executed' : 'opened'}`;
  return { state, lastSeen, observedDays: 0, path, reason };
}

function sightings(list: Observation['opened'], owners: (path: string) => readonly string[]): Sightings {
  const latest: Sightings = new Map();
  for (const sighting of list) {
    for (const id of owners(sighting.path)) {
      const before = latest.get(id);
      if (!before || before.lastSeen < sighting.lastSeen) latest.set(id, sighting);
    }
  }
  return latest;
}

/**
 * What ran of an image: it, one of its name, or where there is neither an earlier one of its repository, which tells what
 * the next one will load and nothing of what it will not.
 */
export function productionOf(
  image: Image,
  observations: readonly Observation[],
): { observation: Observation; by: 'digest' | 'reference' | 'release' } | undefined {
  const found = observationOf(image, observations);
  if (found !== undefined) return found;
  const repositories = new Set(image.references.map(repositoryOf));
  const [latest] = observations
    .filter(({ references }) =>
      references.map(repositoryOf).some((name) => name !== undefined && repositories.has(name)),
    )
    .sort((a, b) => (a.last < b.last ? 1 : -1));
  return latest && { observation: latest, by: 'release' };
}

/** The key without its tag or digest. */
const repositoryOf = (reference: string): string | undefined => imageKey(reference)?.replace(/(?::[^:/]*|@.*)$/, '');

/** Why nothing of an image can be called unseen by what was observed; undefined where it can. `now` is ISO 8601. */
export const observationGap = (image: Image, observation: Observation, now: string): string | undefined =>
  gapOf(image, observation, completeDays(observation), now);

/** What can be said of components that were not seen. */
function judgeUnseen(image: Image, observation: Observation, now: string): (component: Component) => ComponentEvidence {
  const observedDays = completeDays(observation);
  const gap = gapOf(image, observation, observedDays, now);
  const watched = new Set(observation.opened.map(({ path }) => areaOf(canonicalPath(path))));
  return (component) => {
    const reason = gap ?? componentGap(component, watched);
    if (reason) return { state: 'cannot-tell', observedDays, reason };
    return { state: 'not-seen', observedDays, reason: `not run or loaded in ${observedDays} days of observation` };
  };
}

/** Why nothing at all can be called unseen; undefined when the observation is complete. */
function gapOf(image: Image, observation: Observation, days: number, now: string): string | undefined {
  const digests = [image.id, ...image.manifestDigests];
  if (!observation.imageDigest || !digests.includes(observation.imageDigest)) {
    return 'events name the image by its reference only; another image may have borne it';
  }
  if (observation.lossReported) return 'runtime events were lost';
  if (observation.truncated) return 'more files were used than are recorded';
  if (!observation.execReported) return 'executions are not reported';
  if (!observation.openReported) return 'opened files are not reported';
  if (days < 1) return `observed for ${days} days; absence counts after one`;
  const silent = Math.floor((Date.parse(now) - Date.parse(observation.last)) / DAY);
  return silent > STALE_DAYS ? `no runtime events for ${silent} days` : undefined;
}

/** Why this component cannot be called unseen. */
function componentGap(component: Component, watched: ReadonlySet<string>): string | undefined {
  if (component.scope === 'locked') return 'listed in a lock file; which files it installs is not known';
  if (component.files.length === 0) return 'it is not known which files belong to it';
  for (const file of component.files) {
    const path = canonicalPath(file);
    if (EXECUTABLES.test(path) || !CODE.test(path)) continue;
    if (!watched.has(areaOf(path)))
      return `no file below ${areaOf(path)} was reported as opened: it may not be watched`;
  }
  return undefined;
}

/** The first two folders: what a file monitor usually includes or leaves out as a whole. */
function areaOf(path: string): string {
  const second = path.indexOf('/', 1);
  const third = second < 0 ? -1 : path.indexOf('/', second + 1);
  return path.slice(0, third < 0 ? (second < 0 ? path.length : second) : third);
}

/** Days, to a hundredth and never rounded up, in which reporters were alive between the first and the last event. */
function completeDays({ hours, first, last }: Observation): number {
  const alive = hours.reduce((sum, [from, to]) => sum + to - from + 1, 0) / 24;
  const span = (Date.parse(last) - Date.parse(first)) / DAY;
  return Math.floor(Math.min(alive, span) * 100) / 100;
}
