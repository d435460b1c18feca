import { podSpecPath } from '@breakwater/engine/inventory';
import type { ClusterObject, JsonObject, ManifestObject, RunningWorkload } from '@breakwater/model';
import { type AuditUsers, changedByHand, deployedBy } from './deployed-by.ts';
import { createdAt, type LiveIndex, objectsAt, ownersOf, textAt, textsAt, uidOf, valueAt } from './live-index.ts';
import { selectsLabels } from './select-labels.ts';

/** An owner on the way up, `present` where it is in view. */
interface Step {
  kind: string;
  name: string;
  object: ManifestObject | undefined;
}

const LISTS = ['containers', 'initContainers', 'ephemeralContainers'];
const STATUSES = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'];
const DIGEST = /sha256:[0-9a-f]{64}/;
/** Steps up from a pod; more are a ring. */
const MOST_STEPS = 10;

/** What runs in the clusters in view, and why: every workload that nobody in view owns, with its pods below it. */
export function runningWorkloads(index: LiveIndex, audit?: AuditUsers): RunningWorkload[] {
  const groups = new Map<string, { top: ManifestObject; pods: ManifestObject[]; chains: Step[][] }>();
  for (const pod of index.ofKind('Pod')) {
    const chain = ownerChain(pod, index);
    const top = chain.findLast(({ object }) => object !== undefined)?.object ?? pod;
    const key = keyOf(top);
    const group = groups.get(key) ?? { top, pods: [], chains: [] };
    group.pods.push(pod);
    group.chains.push(chain);
    groups.set(key, group);
  }
  for (const object of index.objects) {
    if (object.kind === 'Pod' || podSpecPath(object) === undefined || groups.has(keyOf(object))) continue;
    if (!ownersOf(object).some(({ uid }) => index.byUid(uid)))
      groups.set(keyOf(object), { top: object, pods: [], chains: [] });
  }
  return [...groups.values()].map(({ top, pods, chains }) => describe(top, pods, chains, index, audit));
}

/** From an object up to whatever controls it, itself first. An owner that is gone, or may not be read, ends it. */
export function ownerChain(object: ManifestObject, index: LiveIndex): Step[] {
  const chain: Step[] = [{ kind: object.kind, name: object.name, object }];
  for (let at: ManifestObject | undefined = object; at !== undefined && chain.length < MOST_STEPS; ) {
    const owner = ownersOf(at).find(({ controller }) => controller);
    if (!owner) break;
    at = index.byUid(owner.uid);
    chain.push({ kind: owner.kind, name: owner.name, object: at });
  }
  return chain;
}

function describe(
  top: ManifestObject,
  pods: ManifestObject[],
  chains: Step[][],
  index: LiveIndex,
  audit: AuditUsers | undefined,
): RunningWorkload {
  const by = deployedBy(top, audit);
  const since = createdAt(top);
  const started = pods.flatMap((pod) => textAt(pod.object, 'status', 'startTime') ?? []).sort();
  const running = pods.filter((pod) => textAt(pod.object, 'status', 'phase') === 'Running').length;
  return {
    workload: nameObject(top),
    owners: mergeChains(chains),
    pods: { running, total: pods.length },
    images: imagesOf(top, pods),
    ...(by ? { deployedBy: by } : {}),
    changedByHand: changedByHand(top, audit),
    ...(since ? { since } : {}),
    ...(started[0] ? { runningSince: started[0] } : {}),
    nodes: [...new Set(pods.flatMap((pod) => textAt(pod.object, 'spec', 'nodeName') ?? []))].sort(),
    services: servicesOf(top, pods, index),
  };
}

/** One line for a level: how many objects of a kind there are, and the name of one. */
function mergeChains(chains: Step[][]): RunningWorkload['owners'] {
  const steps = new Map<string, Map<string, Step>>();
  for (const chain of chains) {
    for (const [level, step] of chain.entries()) {
      const key = `${level} ${step.kind} ${step.object !== undefined}`;
      const known = steps.get(key) ?? new Map<string, Step>();
      known.set(step.name, step);
      steps.set(key, known);
    }
  }
  return [...steps.values()].map((same) => {
    const [first] = [...same.values()] as [Step];
    return { kind: first.kind, name: first.name, present: first.object !== undefined, count: same.size };
  });
}

function imagesOf(top: ManifestObject, pods: ManifestObject[]): RunningWorkload['images'] {
  const path = podSpecPath(top);
  const template = path === undefined ? undefined : valueAt(top.object, ...path);
  const own = new Set(LISTS.flatMap((list) => objectsAt(template, list)).map(({ name }) => name));
  const images = new Map<string, RunningWorkload['images'][number]>();
  const take = (container: JsonObject, digest: string | undefined) => {
    const name = textAt(container, 'name') ?? '';
    const reference = textAt(container, 'image') ?? '';
    const key = JSON.stringify([name, reference]);
    const injected = top.kind !== 'Pod' && !own.has(name);
    const known = images.get(key) ?? { container: name, reference, digests: [], injected };
    if (digest && !known.digests.includes(digest)) known.digests.push(digest);
    images.set(key, known);
  };
  for (const pod of pods) {
    const statuses = new Map(
      STATUSES.flatMap((list) => objectsAt(pod.object, 'status', list)).map((one) => [one['name'], one]),
    );
    for (const container of LISTS.flatMap((list) => objectsAt(pod.object, 'spec', list))) {
      const id = textAt(statuses.get(container['name'] ?? ''), 'imageID');
      take(container, id === undefined ? undefined : DIGEST.exec(id)?.[0]);
    }
  }
  if (pods.length === 0)
    for (const container of LISTS.flatMap((list) => objectsAt(template, list))) take(container, undefined);
  return [...images.values()];
}

function servicesOf(top: ManifestObject, pods: ManifestObject[], index: LiveIndex): string[] {
  const labels = textsAt(pods[0]?.object ?? templateOf(top), 'metadata', 'labels');
  return index
    .inNamespace('Service', top.cluster, top.namespace)
    .filter(({ object }) => selectsLabels(textsAt(object, 'spec', 'selector'), labels))
    .map(({ namespace, name }) => `${namespace}/${name}`)
    .sort();
}

function templateOf(top: ManifestObject) {
  const path = podSpecPath(top);
  return path === undefined ? undefined : valueAt(top.object, ...path.slice(0, -1));
}

/** Names an object, as reports do. */
export function nameObject({ cluster, apiVersion, kind, namespace, name }: ManifestObject): ClusterObject {
  return { cluster, apiVersion, kind, namespace, name };
}

function keyOf(object: ManifestObject): string {
  const uid = uidOf(object);
  return uid === '' ? `${object.cluster}/${object.namespace}/${object.kind}/${object.name}` : uid;
}
