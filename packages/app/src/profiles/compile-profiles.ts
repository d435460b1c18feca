import { type CompileTarget, type Confinement, type Replay, replay } from '@breakwater/engine/compile';
import { type Issued, type IssuedPolicies, issuePolicies } from '@breakwater/engine/compile/issue';
import { workloadsOf } from '@breakwater/engine/inventory';
import {
  isSubjectOf,
  type LearnedProfile,
  type ManifestObject,
  type ObjectEdit,
  subjectOfWorkload,
  type Unknown,
  type Workload,
  workloadOfSubject,
} from '@breakwater/model';
import { type Patch, patchFor } from '@breakwater/outputs/changes';
import { readEstate } from '../estate/read-estate.ts';
import { learnedOf, type ReadProfile, readProfiles } from './read-profiles.ts';

/** For what, and how, profiles are compiled. */
export interface CompileProfilesOptions {
  target: CompileTarget & Required<Pick<CompileTarget, 'confine'>>;
  step: 'audit' | 'block';
  /** Manifests of the workloads that the profiles are of. */
  manifests: readonly string[];
  /** Recorded events or profiles to replay; what the profiles themselves rest on where there are none. */
  replay: readonly string[];
  /** Learned profiles beside those of the paths. */
  learned?: readonly LearnedProfile[] | undefined;
  /** ISO 8601. */
  now: string;
  selector?: Readonly<Record<string, string>> | undefined;
  namespace?: string | undefined;
  /** Reads a file that is patched. */
  readText(path: string): string;
  signal?: AbortSignal | undefined;
}

/** What became of a profile. */
export interface CompiledProfile {
  confinement: Confinement;
  /** What would have been refused. */
  replay: Replay;
  /** How far it goes, where it comes of a learned profile. */
  issued?: Pick<Issued, 'armed' | 'watched' | 'held' | 'version'>;
  /** Patch of the manifest, where there is something to edit in it. */
  patch?: Patch;
}

/** Compiles the profiles of files, and replays what was recorded on what came of it. */
export async function compileProfiles(
  paths: readonly string[],
  options: CompileProfilesOptions,
): Promise<{ compiled: CompiledProfile[]; unknowns: Unknown[] }> {
  const { signal, manifests, now } = options;
  const reading = manifests.length === 0 ? undefined : await readEstate([...manifests], { events: false, signal });
  const objects = reading?.objects ?? [];
  const { workloads } = workloadsOf(objects);
  const how = { ownerOf: (namespace: string, pod: string) => ownerOf(namespace, pod, workloads), now, signal };
  const { profiles, unknowns } = await readProfiles(paths, how);
  profiles.push(...(options.learned ?? []).map((one) => learnedOf(one, now)));
  const replayed = options.replay.length === 0 ? undefined : await readProfiles(options.replay, how);
  const compiled = profiles.map((read) =>
    compileOne(read, { options, objects, workloads, replayed: replayed?.profiles }),
  );
  return { compiled, unknowns: [...unknowns, ...(replayed?.unknowns ?? []), ...(reading?.unknowns ?? [])] };
}

interface Surroundings {
  options: CompileProfilesOptions;
  objects: ManifestObject[];
  workloads: readonly Workload[];
  replayed: readonly ReadProfile[] | undefined;
}

/** Everything that was issued for a container, and the patch of its manifest. */
export interface IssuedProfile {
  issued: IssuedPolicies;
  patch?: Patch;
}

/** Issues everything that holds the containers of learned profiles to them; other profiles among the paths are left out. */
export async function issueProfiles(
  paths: readonly string[],
  options: Omit<CompileProfilesOptions, 'target' | 'step' | 'replay'>,
): Promise<{ issued: IssuedProfile[]; unknowns: Unknown[] }> {
  const { signal, manifests, now, selector, namespace, readText } = options;
  const reading = manifests.length === 0 ? undefined : await readEstate([...manifests], { events: false, signal });
  const objects = reading?.objects ?? [];
  const { workloads } = workloadsOf(objects);
  const { profiles, unknowns } = await readProfiles(paths, { now, signal });
  const learned = [...profiles.flatMap((one) => one.learned ?? []), ...(options.learned ?? [])];
  const issued = learned.map((one): IssuedProfile => {
    const workload = workloadOf(one.subject, workloads);
    const policies = issuePolicies(one, { now, selector, namespace, workload });
    const edits = policies.policies.flatMap((policy) => policy.edits);
    return {
      issued: policies,
      ...(edits.length > 0 && { patch: patchOf(edits, { objects, workloads, readText }) }),
    };
  });
  return { issued, unknowns: [...unknowns, ...(reading?.unknowns ?? [])] };
}

function patchOf(
  edits: ObjectEdit[],
  {
    objects,
    workloads,
    readText,
  }: Pick<Surroundings, 'objects' | 'workloads'> & Pick<CompileProfilesOptions, 'readText'>,
): Patch {
  const change = { id: '', title: '', detail: '', workloads: [], edits, afterRebuild: false };
  const describedBy = (id: string) => workloads.find((one) => one.id === id)?.definitions[0];
  return patchFor(change, { objects, readText, describedBy });
}

function compileOne(
  { profile, recorded, learned }: ReadProfile,
  { options, objects, workloads, replayed }: Surroundings,
): CompiledProfile {
  const { target, step, selector, namespace, readText } = options;
  const workload = workloadOf(profile.subject, workloads);
  const how = { selector, namespace, workload };
  const issued =
    learned !== undefined && (step === 'block' || target.refusesAtOnce === true)
      ? issuePolicies(learned, { ...how, now: options.now, targets: [target.name] }).policies[0]
      : undefined;
  const confinement =
    issued === undefined ? target.confine(profile, { ...how, step }) : { subject: profile.subject, ...issued };
  const history = (replayed ?? []).filter((other) => isOf(other, { profile, recorded }, replayed?.length === 1));
  const observed = replayed === undefined ? recorded : history.flatMap((one) => one.recorded);
  const { edits } = confinement;
  return {
    confinement,
    replay: replay(confinement, observed),
    ...(issued !== undefined && { issued }),
    ...(edits.length === 0 ? {} : { patch: patchOf(edits, { objects, workloads, readText }) }),
  };
}

/** The workload that makes pods of such names: of several the one with the longest. */
function ownerOf(namespace: string, pod: string, workloads: readonly Workload[]): string | undefined {
  const own = workloads.filter(
    (one) => one.namespace === namespace && (pod === one.name || pod.startsWith(`${one.name}-`)),
  );
  const [owner] = own.sort((a, b) => b.name.length - a.name.length);
  return owner && subjectOfWorkload({ namespace, kind: owner.kind, name: owner.name });
}

/** The workload of the subject's name; the only one there is, for a profile that names none. */
function workloadOf(subject: string, workloads: readonly Workload[]): Workload | undefined {
  const named = workloads.find((workload) => isSubjectOf(subject, workload));
  const isNamed = workloadOfSubject(subject) !== undefined;
  return named ?? (!isNamed && workloads.length === 1 ? workloads[0] : undefined);
}

/** A recording of the same container; where there is but one, that. */
function isOf({ profile: other }: ReadProfile, { profile }: ReadProfile, isOnly: boolean): boolean {
  return (
    isOnly ||
    (other.subject === profile.subject && (other.container === undefined || other.container === profile.container))
  );
}
