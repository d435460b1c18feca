import { imageKey, imageReference } from '@breakwater/engine/inventory';
import { type CompiledPolicy, POD_KINDS } from '@breakwater/engine/policy';
import { type Estate, estatesOf } from '@breakwater/engine/policy/facts/estate';
import {
  type Exception,
  type Exposure,
  isObject,
  type Json,
  type JsonObject,
  type Operation,
  type Unknown,
} from '@breakwater/model';
import { onRunningImages } from './image-policies.ts';
import type { ImageVerdict, Snapshot } from './snapshot.ts';

/** The policies that may have something to say about requests of a kind, and what they ask for. */
export interface Candidates {
  policies: readonly CompiledPolicy[];
  asksEstate: boolean;
  asksNamespace: boolean;
  asksWorkload: boolean;
}

/** What requests are judged by: a snapshot made ready. It never changes; a newer snapshot makes another one. */
export interface AdmissionBasis {
  /** Of the snapshot and of what was added to it; empty without one. */
  version: string;
  /** ISO 8601: when what the snapshot holds was known to be so; undefined without one. */
  time: string | undefined;
  /** Name of the cluster, as the snapshot has it; `default` without one. */
  cluster: string;
  candidates(kind: string, operation: Operation): Candidates;
  exceptions: readonly Exception[];
  /** Names of the policies on images in force: they are judged when an image is read, not when it is run. */
  imagePolicies: ReadonlySet<string>;
  namespace(name: string): JsonObject | undefined;
  pod(namespace: string, name: string): JsonObject | undefined;
  exposures(workload: string): readonly Exposure[] | undefined;
  /** Objects of the cluster, for facts over several of them; undefined while none are known. */
  estate: Estate | undefined;
  /** Kinds that policies in force look at, with the operations; `*` where one looks at all. */
  watched: readonly WatchedKind[];
  /** Policies and exceptions that could not be used. */
  unknowns: readonly Unknown[];
}

/** A kind that policies look at. */
export interface WatchedKind {
  kind: string;
  operations: readonly Operation[];
  /** Groups that policies name for it; empty where they leave that open. */
  groups: readonly string[];
}

/** Policies and exceptions in force, as the sources of policies give them. */
export interface InForce {
  policies: readonly CompiledPolicy[];
  exceptions: readonly Exception[];
  unknowns: readonly Unknown[];
}

const WITHOUT_OPERATIONS: readonly Operation[] = ['CREATE', 'UPDATE'];

/** Kinds and images that are remembered: those of requests come from strangers. */
const MOST_REMEMBERED = 5_000;
const LONGEST_REMEMBERED = 300;

const operationsOf = ({ policy }: CompiledPolicy): readonly Operation[] =>
  policy.spec.match.operations ?? WITHOUT_OPERATIONS;

/** Makes a snapshot ready to judge by: what is looked up for each request is indexed once. */
export function openBasis(snapshot: Snapshot | undefined, version: string, inForce: InForce): AdmissionBasis {
  const atAdmission = inForce.policies.filter(({ policy }) => policy.spec.phases.includes('deploy'));
  const objects = snapshot?.objects ?? [];
  const namespaces = byName(objects, 'Namespace');
  const pods = byName(objects, 'Pod');
  const images = imagesByName(snapshot?.images ?? []);
  const onImages = atAdmission.filter(({ about }) => about === 'image');
  const find = remembering((reference) => images.get(imageName(reference)));
  const onObjects = atAdmission.map((compiled) =>
    compiled.about === 'image' ? onRunningImages(compiled, find) : compiled,
  );
  const exposures = new Map(Object.entries(snapshot?.exposures ?? {}));
  const known = new Map<string, Candidates>();
  return {
    version,
    time: snapshot?.time,
    cluster: snapshot?.cluster ?? 'default',
    candidates(kind, operation) {
      const key = `${operation} ${kind}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      const chosen = candidatesOf(onObjects, kind, operation);
      if (known.size < MOST_REMEMBERED) known.set(key, chosen);
      return chosen;
    },
    exceptions: inForce.exceptions,
    imagePolicies: new Set(onImages.map(({ policy }) => policy.metadata.name)),
    namespace: (name) => namespaces.get(`/${name}`),
    pod: (namespace, name) => pods.get(`${namespace}/${name}`),
    exposures: (workload) => exposures.get(workload),
    estate: snapshot && estateOf(snapshot),
    watched: watchedKinds(onObjects),
    unknowns: inForce.unknowns,
  };
}

function candidatesOf(policies: readonly CompiledPolicy[], kind: string, operation: Operation): Candidates {
  const chosen = policies.filter(
    (compiled) =>
      compiled.appliesTo !== undefined ||
      (operationsOf(compiled).includes(operation) && compiled.kinds?.has(kind) !== false),
  );
  const ask = (...facts: string[]) => chosen.some((compiled) => facts.some((fact) => compiled.facts.has(fact)));
  return {
    policies: chosen,
    asksEstate: ask('estate', 'grants'),
    asksNamespace:
      ask('namespaceObject') ||
      chosen.some(({ policy, appliesTo }) => appliesTo || policy.spec.match.namespaceSelector !== undefined),
    asksWorkload: ask('workload', 'containers'),
  };
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const metadataOf = (object: JsonObject): { name: string; namespace: string } => {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  return { name: textOf(metadata['name']), namespace: textOf(metadata['namespace']) };
};

function byName(objects: readonly JsonObject[], kind: string): ReadonlyMap<string, JsonObject> {
  const own = objects.filter((object) => object['kind'] === kind);
  return new Map(
    own.map((object) => {
      const { namespace, name } = metadataOf(object);
      return [`${namespace}/${name}`, object];
    }),
  );
}

function estateOf({ cluster, objects, complete, unread }: Snapshot): Estate | undefined {
  const entries = objects.map((object) => ({
    ...metadataOf(object),
    apiVersion: textOf(object['apiVersion']),
    kind: textOf(object['kind']),
    cluster,
    object,
    place: { source: `cluster ${cluster}` },
  }));
  return estatesOf(entries, { complete, unread }).get(cluster);
}

/** The same function, which looks up each of so many short keys only once. */
function remembering<T>(find: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    if (known.has(key)) return known.get(key) as T;
    const found = find(key);
    if (known.size < MOST_REMEMBERED && key.length <= LONGEST_REMEMBERED) known.set(key, found);
    return found;
  };
}

/** What an image is found by: its digest where one is named, else its name without what builders put in front of it. */
function imageName(reference: string): string {
  return imageReference(reference)?.digest ?? imageKey(reference) ?? reference;
}

function imagesByName(images: readonly ImageVerdict[]): ReadonlyMap<string, ImageVerdict> {
  return new Map(
    images.flatMap((image) => [
      ...image.references.map((reference) => [imageKey(reference) ?? reference, image] as const),
      ...[image.id, ...image.digests].map((digest) => [digest, image] as const),
    ]),
  );
}

function watchedKinds(policies: readonly CompiledPolicy[]): WatchedKind[] {
  const looks = policies.flatMap((compiled) => {
    const runs = compiled.about === 'workload' && compiled.appliesTo === undefined;
    const { apiGroups: groups = [] } = compiled.policy.spec.match;
    const kinds = compiled.kinds ?? (runs ? POD_KINDS : ['*']);
    return [...kinds].map((kind) => ({ kind, groups, operations: operationsOf(compiled) }));
  });
  return [...Map.groupBy(looks, ({ kind }) => kind)].map(([kind, own]) => ({
    kind,
    operations: OPERATIONS.filter((operation) => own.some(({ operations }) => operations.includes(operation))),
    groups: own.some(({ groups }) => groups.length === 0) ? [] : [...new Set(own.flatMap(({ groups }) => groups))],
  }));
}

const OPERATIONS: readonly Operation[] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'];
