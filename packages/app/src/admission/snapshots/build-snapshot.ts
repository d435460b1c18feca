import {
  evaluatePolicies,
  type PolicySubject,
  type VulnerabilityFact,
  vulnerabilityFact,
} from '@breakwater/engine/policy';
import { isObject, type JsonObject, type ManifestObject, type PolicyResult } from '@breakwater/model';
import type { GatheredFacts } from '../../estate/gather-facts.ts';
import type { JudgedImage } from '../../estate/judge-image.ts';
import type { PolicyChoice, PolicySet } from '../../estate/policy-set.ts';
import type { EstateReading } from '../../estate/read-estate.ts';
import type { ImageResult, ImageVerdict, Snapshot } from '../snapshot.ts';

/** What was read and judged, and what is in force. */
export interface SnapshotInput {
  reading: EstateReading;
  gathered: GatheredFacts;
  set: PolicySet;
  /** Policies, exceptions and settings that are in force beside ours, as they stand in their files. */
  files: Pick<Snapshot, 'policies' | 'exceptions' | 'settings' | 'foreign'>;
  choice: PolicyChoice;
  /** Name of the cluster that is to be judged; the first that was read where none is given. */
  cluster?: string | undefined;
}

const MOST_OBJECTS = 40_000;
const MOST_IMAGES = 20_000;
/** Of one policy on one image. */
const MOST_RESULTS = 30;

/** Everything that admission needs of an estate that was just read. Values of Secrets are left out. */
export function buildSnapshot({ reading, gathered, set, files, choice, cluster }: SnapshotInput): Snapshot {
  const { objects } = gathered.facts;
  const name = cluster ?? objects[0]?.cluster ?? 'default';
  const own = objects.filter((entry) => entry.cluster === name && entry.translation === undefined);
  const live = reading.clusters?.find((each) => each.name === name);
  const exposures = Map.groupBy(gathered.facts.reachability.exposures, ({ workload }) => workload);
  const workloads = gathered.facts.workloads.filter((workload) => workload.cluster === name);
  return {
    format: 1,
    time: set.now,
    cluster: name,
    ...files,
    faults: [],
    packs: choice.packs ?? [],
    kubernetesVersion: choice.kubernetesVersion ?? 'latest',
    objects: namespacesFirst(own).slice(0, MOST_OBJECTS).map(withoutValues),
    complete: live !== undefined && own.length <= MOST_OBJECTS,
    unread: live?.unread ?? [],
    images: [...gathered.judged.values()].slice(0, MOST_IMAGES).map((judged) => imageVerdict(judged, set)),
    exposures: Object.fromEntries(workloads.map(({ id }) => [id, exposures.get(id) ?? []])),
  };
}

/** What policies on images say of one in the deploy phase, whoever runs it. */
export function imageVerdict(judged: JudgedImage, set: PolicySet): ImageVerdict {
  const { image, matches } = judged;
  const aliases = new Map(matches.map((match) => [match.id, [match.id, ...match.aliases]]));
  const results = judgeAtDeploy(judged, set).map(
    ({ policy, verdict, element, message }): ImageResult => ({
      policy,
      verdict,
      ...(element !== undefined && { element }),
      message,
      vulnerabilities: aliases.get(element?.split(' ')[0] ?? '') ?? [],
    }),
  );
  const bounded = [...Map.groupBy(results, ({ policy }) => policy).values()].flatMap((of) => of.slice(0, MOST_RESULTS));
  const { id, references, manifestDigests } = image;
  return { id, references, digests: manifestDigests, results: bounded };
}

/** On what is known; a policy that this does not fail is undecided where something could not be read or matched. */
function judgeAtDeploy({ image, matches, evidence }: JudgedImage, set: PolicySet): PolicyResult[] {
  const policies = set.policies.filter(({ about }) => about === 'image');
  const facts: VulnerabilityFact[] = matches.map((match) => {
    const known = evidence.get(match.component);
    return vulnerabilityFact(match, { catalogueImported: set.catalogueImported, ...(known && { evidence: known }) });
  });
  const judge = (subject: PolicySubject) =>
    evaluatePolicies(policies, subject, 'deploy', [], set.now).filter(({ verdict }) => verdict !== 'pass');
  const known = judge({ id: image.id, image, vulnerabilities: facts });
  if (image.unknowns.length === 0) return known;
  const failed = new Set(known.map(({ policy }) => policy));
  const undecided = judge({ id: image.id, image }).filter(
    ({ policy, verdict }) => verdict === 'unknown' && !failed.has(policy),
  );
  return [...known, ...undecided];
}

const ORDER = new Map([
  ['Namespace', 0],
  ['Pod', 2],
]);

/** Namespaces are asked for most, pods are the most. */
const namespacesFirst = (objects: readonly ManifestObject[]): ManifestObject[] =>
  objects.toSorted((a, b) => (ORDER.get(a.kind) ?? 1) - (ORDER.get(b.kind) ?? 1));

/** As the API server would give it, without what is nobody's business here. */
function withoutValues({ apiVersion, kind, namespace, name, object }: ManifestObject): JsonObject {
  const { data, stringData, status: _, ...rest } = object;
  const metadata = isObject(rest['metadata']) ? rest['metadata'] : {};
  const { managedFields: _fields, resourceVersion: _version, annotations, ...described } = metadata;
  const notes: JsonObject = isObject(annotations) ? { annotations: withoutCopy(annotations) } : {};
  const shown: JsonObject = {
    ...rest,
    apiVersion,
    kind,
    metadata: { ...described, ...notes, name, ...(namespace && { namespace }) },
  };
  if (kind === 'Secret') return { ...shown, data: keysOf(data), stringData: keysOf(stringData) };
  return data === undefined ? shown : { ...shown, data };
}

/** Without the copy of the whole object that kubectl keeps: it is as large as all the rest. */
function withoutCopy({
  'kubectl.kubernetes.io/last-applied-configuration': _,
  ...annotations
}: JsonObject): JsonObject {
  return annotations;
}

const keysOf = (values: JsonObject[string] | undefined): JsonObject =>
  Object.fromEntries(Object.keys(isObject(values) ? values : {}).map((key) => [key, '']));
