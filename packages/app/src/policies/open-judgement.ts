import { imagesOf, withImageUsers, workloadsOf } from '@breakwater/engine/inventory';
import { reachabilityOf } from '@breakwater/engine/network';
import type { CompiledPolicy, Controller } from '@breakwater/engine/policy';
import type { Exposure, Image, ManifestObject, Phase, PolicyResult, Unknown, Workload } from '@breakwater/model';
import { workloadId } from '@breakwater/model';
import { openLookup } from '../advisories/open-lookup.ts';
import { judgedObjects, underPolicies } from '../clusters/judged-objects.ts';
import { estatesWith } from '../clusters/live-estates.ts';
import { imageFacts } from '../estate/image-facts.ts';
import { judgeImage } from '../estate/judge-image.ts';
import { judgeObject } from '../estate/judge-policies.ts';
import { layerCachePath } from '../estate/layer-cache-path.ts';
import { openPolicySet, type PolicySet } from '../estate/policy-set.ts';
import { type EstateReading, readEstate } from '../estate/read-estate.ts';
import type { ScanOptions } from '../scan/scan-options.ts';

/** Targets that were read once, to be judged more than once: with other exceptions, or policies enforced otherwise. */
export interface Judgement {
  /** What is in force. */
  set: PolicySet;
  /** Every policy that can be used. */
  all: CompiledPolicy[];
  objects: readonly ManifestObject[];
  /** What could not be read or used. */
  unknowns: Unknown[];
  /** What fails or is not decided of objects and images in a phase. */
  judge(phase: Phase, change?: PolicyChange): PolicyResult[];
  /** What made an object of a live cluster, its controller first; undefined where it is not live. */
  makersOf(entry: ManifestObject): readonly Controller[] | undefined;
  /** The objects that a result is about: the one that was judged, or those that run the image. */
  objectsBehind(subject: string): readonly ManifestObject[];
}

/** What is in force instead. */
export type PolicyChange = Partial<Pick<PolicySet, 'policies' | 'exceptions'>>;

/** Reads targets and what is in force, and gives it to `use`; what is open is closed after. */
export async function withJudgement<T>(
  targets: readonly string[],
  options: ScanOptions,
  use: (judgement: Judgement) => T | Promise<T>,
): Promise<T> {
  const { state, now, signal, policies = [], vex = [], platform, onProgress, registry, clusters } = options;
  const reading = await readEstate([...targets], {
    onProgress,
    signal,
    platform,
    registry,
    clusters,
    cache: layerCachePath(state),
    events: false,
  });
  const advisories = await openLookup(state, reading.advisoryFiles, signal, [...reading.vexFiles, ...vex]);
  try {
    const named = [...reading.policyFiles, ...policies];
    const { policySet, all, unknowns } = await openPolicySet(named, now, advisories.status, undefined, options);
    const { images } = reading;
    const inView = withImageUsers(reading.objects, images, reading.dockerfiles);
    const { workloads } = workloadsOf(inView);
    const surroundings = surroundingsOf(inView, workloads, reading);
    const inForce = judgedObjects(inView);
    const { judged: objects, makersOf } = inForce;
    return await use({
      set: policySet,
      all,
      objects,
      unknowns: [...reading.unknowns, ...advisories.unknowns, ...unknowns],
      judge(phase, change = {}) {
        const set = { ...policySet, ...change };
        const judged = images.map((image) => judgeImage(image, advisories, set));
        const factsOfImages = imageFacts(inView, judged, set);
        const judge = ([entry, own]: [ManifestObject, PolicySet]): PolicyResult[] =>
          judgeObject(entry, phase, own, {
            ...surroundings(entry),
            images: factsOfImages(workloadId(entry)),
            makers: makersOf(entry),
            faultsOnly: true,
          });
        return [
          ...judged.flatMap(({ results }) => inPhase(results, phase, set)),
          ...[...underPolicies(inForce, set, phase)].flatMap(judge),
        ];
      },
      makersOf,
      objectsBehind: objectsBehind(objects, workloads, images),
    });
  } finally {
    advisories.close();
  }
}

type Surroundings = NonNullable<Parameters<typeof judgeObject>[3]>;

/** What is known of each object from all the others. */
function surroundingsOf(
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
  { clusters, unknowns }: EstateReading,
): (entry: ManifestObject) => Surroundings {
  const estates = estatesWith(objects, clusters, unknowns, { workloads });
  let exposures: Map<string, Exposure[]> | undefined;
  const exposureOf = (entry: ManifestObject): Exposure[] => {
    exposures ??= Map.groupBy(reachabilityOf(objects, workloads).exposures, ({ workload }) => workload);
    return exposures.get(workloadId(entry)) ?? [];
  };
  return (entry) => {
    const estate = estates.get(entry.cluster);
    /* Of Kubernetes’ own kinds the estate tells it, and only where a policy asks. */
    return entry.translation === undefined ? { estate } : { estate, exposure: exposureOf(entry) };
  };
}

/** What is said of an image, as its policies are enforced in another phase: an image is the same in all of them. */
function inPhase(results: readonly PolicyResult[], phase: Phase, { policies }: PolicySet): PolicyResult[] {
  const specs = new Map(policies.map(({ policy }) => [policy.metadata.name, policy.spec]));
  return results.flatMap((result) => {
    const spec = specs.get(result.policy);
    if (spec?.phases.includes(phase) !== true || result.verdict === 'pass') return [];
    return { ...result, phase, enforcement: spec.enforcement[phase] ?? 'audit' };
  });
}

function objectsBehind(objects: readonly ManifestObject[], workloads: Workload[], images: Image[]) {
  const byId = Map.groupBy(objects, (entry) => workloadId(entry));
  for (const [id, run] of imagesOf(workloads, images)) {
    for (const image of new Set(run.flatMap(({ image: found }) => found?.id ?? []))) {
      byId.set(image, [...(byId.get(image) ?? []), ...(byId.get(id) ?? [])]);
    }
  }
  return (subject: string): readonly ManifestObject[] => byId.get(subject) ?? [];
}
