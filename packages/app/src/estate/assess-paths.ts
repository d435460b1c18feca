import { workloadsOf } from '@breakwater/engine/inventory';
import type { Image, LearnedProfile, Observation, RuntimeEvent, Unknown } from '@breakwater/model';
import type { RegistryOptions } from '@breakwater/sources/images';
import { type OpenedLookup, openLookup } from '../advisories/open-lookup.ts';
import type { Assessment } from '../assessment/assessment.ts';
import type { ReadLiveOptions } from '../clusters/read-live.ts';
import { withRunningDigests } from '../clusters/running-digests.ts';
import { podPoliciesIn } from '../permissions/pod-policies.ts';
import { useOfRoles } from '../permissions/use-of-roles.ts';
import { namesOf } from '../registries/image-uses.ts';
import { assessEstate } from './assess-estate.ts';
import { type GatheredFacts, gatherFacts } from './gather-facts.ts';
import type { Judging } from './judging.ts';
import { layerCachePath } from './layer-cache-path.ts';
import { openPolicySet, type PolicySet } from './policy-set.ts';
import { type EstateReading, type ReadProgress, readEstate } from './read-estate.ts';

export interface AssessPathsOptions extends Partial<Judging> {
  /** State folder. */
  state: string;
  /** ISO 8601. */
  now: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ReadProgress) => void) | undefined;
  /** What events outside the paths proved, to go on from. */
  observations?: Observation[] | undefined;
  /** What was learned outside the paths of the behaviour of workloads. */
  learned?: LearnedProfile[] | undefined;
  /** How registries are asked. */
  registry?: RegistryOptions | undefined;
  /** How clusters are found and read, for paths such as `cluster:production`. */
  clusters?: ReadLiveOptions | undefined;
  /** Alerts that came outside the paths. */
  alerts?: RuntimeEvent[] | undefined;
  /** Images that are known already, by the names that workloads give them. */
  knownImages?: ((names: string[]) => Promise<Image[]>) | undefined;
  /** Told what was read and gathered, before it is ranked. */
  onGathered?: ((gathered: GatheredFacts, reading: EstateReading, set: PolicySet) => void) | undefined;
}

/** What was gathered, with what it was judged by. */
interface Gathered {
  gathered: GatheredFacts;
  reading: EstateReading;
  policySet: PolicySet;
  advisories: OpenedLookup;
  unknowns: Unknown[];
}

/** Reads and judges an estate: the one way from paths to a ranking. */
export async function assessPaths(paths: string[], options: AssessPathsOptions): Promise<Assessment> {
  return gatherPaths(paths, options, ({ gathered, reading, policySet, advisories, unknowns }) => {
    options.onGathered?.(gathered, reading, policySet);
    options.signal?.throwIfAborted();
    options.onProgress?.({ stage: 'ranking', done: 0, total: 0, subject: '' });
    return assessEstate(gathered, { paths, policySet, advisories: advisories.status, unknowns });
  });
}

/** Reads an estate and gathers its facts, without ranking them; `use` is called while advisories are open. */
export async function gatherPaths<T>(
  paths: string[],
  options: AssessPathsOptions,
  use: (facts: Gathered) => T,
): Promise<T> {
  const { state, now, signal, onProgress, observations, alerts = [], registry } = options;
  const { policies = [], vex = [], reports, values, packs, kubernetesVersion } = options;
  const reading = await readEstate(paths, {
    onProgress,
    signal,
    observations,
    learned: options.learned,
    now,
    cache: layerCachePath(state),
    registry,
    reports,
    values,
    clusters: options.clusters,
  });
  reading.alerts.push(...alerts);
  if (options.knownImages) reading.images.push(...(await options.knownImages(imageNames(reading))));
  onProgress?.({ stage: 'matching', done: 0, total: 0, subject: '' });
  const advisories = await openLookup(state, reading.advisoryFiles, signal, [...reading.vexFiles, ...vex]);
  try {
    const inForce = [...reading.policyFiles, ...policies];
    const choice = { packs, kubernetesVersion };
    const { policySet, all, unknowns } = await openPolicySet(inForce, now, advisories.status, undefined, choice);
    const gathered = gatherFacts(reading, advisories, policySet);
    const podPolicies = await podPoliciesIn(gathered.facts.objects, { all, inForce: policySet.policies }, now);
    if (podPolicies) gathered.facts.podPolicies = podPolicies;
    const audits = await useOfRoles(reading.auditFiles, gathered.facts.identity, signal);
    if (audits) gathered.facts.roleUses = audits.roleUses;
    const found = [...reading.unknowns, ...(audits?.unknowns ?? []), ...advisories.unknowns, ...unknowns];
    return use({ gathered, reading, policySet, advisories, unknowns: found });
  } finally {
    advisories.close();
  }
}

/** Names of the images that workloads run, as registries know them. */
function imageNames({ objects }: EstateReading): string[] {
  const workloads = withRunningDigests(workloadsOf(objects).workloads, objects);
  return [...new Set(workloads.flatMap(({ containers }) => containers.flatMap(({ image }) => namesOf(image))))];
}
