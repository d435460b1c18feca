import type { DriftField, DriftItem, DriftReport, ManifestObject } from '@breakwater/model';
import { compareFields, type Difference } from './compare-fields.ts';
import { type AuditUsers, deployedBy, isController } from './deployed-by.ts';
import { fieldOwner } from './field-owners.ts';
import { tellsManagers, wasApplied } from './last-applied.ts';
import { isJsonObject, type LiveIndex, ownersOf, textAt, textsAt, valueAt } from './live-index.ts';
import { nameObject } from './running-workloads.ts';
import { isSystem } from './sprawl-item.ts';

/** What is compared with what. */
export interface DriftInput {
  /** What Git says, of no cluster. */
  git: readonly ManifestObject[];
  live: LiveIndex;
  /** Clusters that Git is meant for. */
  clusters: readonly string[];
  /** Kinds that could not be read, by cluster: of these nothing is missing. */
  unread: ReadonlyMap<string, readonly string[]>;
  audit?: AuditUsers | undefined;
}

/** Kinds whose objects programs make in every namespace. */
const OWN_KINDS = new Set([
  'EndpointSlice',
  'Endpoints',
  'Event',
  'Lease',
  'Node',
  'Namespace',
  'ControllerRevision',
  'Secret',
]);
const OWN_NAMES = /^(default|kube-root-ca\.crt|kubernetes|openshift-service-ca\.crt|istio-ca-root-cert)$/;
/** Top fields that are no wish. */
const LEFT_ASIDE = new Set(['status', 'metadata', 'apiVersion', 'kind']);
const SECRET_NAME = /pass|secret|token|key|credential|auth/i;

/**
 * Where Git and clusters differ: fields that were changed, added or removed, objects that are missing, and objects that
 * Git does not know in the namespaces that it speaks of. What servers complete and controllers write is none of it.
 * Where several files define an object, the one nearest to what runs counts.
 */
export function driftOf(input: DriftInput): Omit<DriftReport, 'unknowns'> {
  const wanted = Map.groupBy(input.git, keyOf);
  const items: DriftItem[] = [];
  let compared = 0;
  let same = 0;
  for (const cluster of input.clusters) {
    const there = new Map(
      input.live.objects.filter((object) => object.cluster === cluster).map((entry) => [keyOf(entry), entry]),
    );
    for (const [key, definitions] of wanted) {
      const [first] = definitions as [ManifestObject];
      const live = there.get(key);
      if (!live && input.unread.get(cluster)?.includes(first.kind)) continue;
      compared += 1;
      const item = live ? changedItem(definitions, live, input) : missingItem(first, cluster);
      if (item) items.push(item);
      else same += 1;
    }
    items.push(...extraItems([...there.values()], wanted, input));
  }
  return { compared, same, items };
}

function missingItem(entry: ManifestObject, cluster: string): DriftItem {
  return { object: { ...nameObject(entry), cluster }, state: 'missing', fields: [], place: entry.place };
}

function changedItem(
  definitions: ManifestObject[],
  live: ManifestObject,
  { live: index, audit }: DriftInput,
): DriftItem | undefined {
  const readings = definitions.map((git) => ({ git, differences: differencesOf(git, live, index) }));
  const nearest = readings.reduce((best, one) => (one.differences.length < best.differences.length ? one : best));
  if (nearest.differences.length === 0) return undefined;
  const by = deployedBy(live, audit);
  return {
    object: nameObject(live),
    state: 'changed',
    fields: nearest.differences.map((difference) => fieldOf(difference, live)),
    place: nearest.git.place,
    ...(by ? { deployedBy: by } : {}),
  };
}

function differencesOf(git: ManifestObject, live: ManifestObject, index: LiveIndex): Difference[] {
  const content = (entry: ManifestObject) =>
    Object.fromEntries(Object.entries(entry.object).filter(([key]) => !LEFT_ASIDE.has(key)));
  const scaled = isScaled(live, index);
  const wanted = live.kind === 'Secret' ? {} : content(git);
  const there = live.kind === 'Secret' ? {} : content(live);
  const found = compareFields(wanted, there).filter((difference) => {
    if (scaled && difference.pointer.join('.') === 'spec.replicas') return false;
    return difference.change !== 'added' || isSomebodysDoing(live, difference.pointer);
  });
  return [...found, ...differentLabels(git, live)];
}

/** Whether a field that is in the cluster alone was put there: not by the server, by a controller or as a default. */
function isSomebodysDoing(live: ManifestObject, pointer: readonly (string | number)[]): boolean {
  const owner = fieldOwner(live, pointer);
  if (owner === undefined) return !tellsManagers(live);
  if (isController(owner.manager)) return false;
  return owner.manager !== 'kubectl-client-side-apply' || wasApplied(live, pointer) !== false;
}

/** Labels that Git states; others, and annotations, belong to whoever wrote them. */
function differentLabels(git: ManifestObject, live: ManifestObject): Difference[] {
  const there = textsAt(live.object, 'metadata', 'labels');
  return Object.entries(textsAt(git.object, 'metadata', 'labels')).flatMap(([key, value]): Difference[] => {
    if (there[key] === value) return [];
    const pointer = ['metadata', 'labels', key];
    if (there[key] === undefined) return [{ pointer, change: 'removed', git: value }];
    return [{ pointer, change: 'changed', git: value, live: there[key] }];
  });
}

function isScaled({ kind, name, namespace, cluster }: ManifestObject, index: LiveIndex): boolean {
  return index
    .inNamespace('HorizontalPodAutoscaler', cluster, namespace)
    .some(
      ({ object }) =>
        textAt(object, 'spec', 'scaleTargetRef', 'kind') === kind &&
        textAt(object, 'spec', 'scaleTargetRef', 'name') === name,
    );
}

function fieldOf({ pointer, change, git, live: there }: Difference, live: ManifestObject): DriftField {
  const owner = change === 'removed' ? undefined : fieldOwner(live, pointer);
  const hidden = isSecretField(pointer, live);
  return {
    pointer,
    change,
    ...(hidden || git === undefined ? {} : { git }),
    ...(hidden || there === undefined ? {} : { live: there }),
    ...(owner ? { manager: owner.manager, ...(owner.at ? { at: owner.at } : {}) } : {}),
  };
}

/** Values of variables and entries whose name speaks of secrets are told to differ, and not shown. */
function isSecretField(pointer: readonly (string | number)[], { object }: ManifestObject): boolean {
  const holder = valueAt(object, ...pointer.slice(0, -1));
  const name = isJsonObject(holder) ? textAt(holder, 'name') : undefined;
  return SECRET_NAME.test(String(pointer.at(-1))) || (pointer.at(-1) === 'value' && SECRET_NAME.test(name ?? ''));
}

/** What nobody owns and Git does not know, in namespaces and of kinds that Git speaks of. */
function extraItems(
  there: ManifestObject[],
  wanted: ReadonlyMap<string, ManifestObject[]>,
  { audit }: DriftInput,
): DriftItem[] {
  const known = [...wanted.values()].flat();
  const namespaces = new Set(known.map(({ namespace }) => namespace).filter((namespace) => namespace !== ''));
  return there
    .filter((entry) => namespaces.has(entry.namespace) && !isSystem(entry) && !OWN_KINDS.has(entry.kind))
    .filter((entry) => !OWN_NAMES.test(entry.name) && ownersOf(entry).length === 0 && !wanted.has(keyOf(entry)))
    .map((entry) => {
      const by = deployedBy(entry, audit);
      return { object: nameObject(entry), state: 'extra', fields: [], ...(by ? { deployedBy: by } : {}) };
    });
}

/** Versions of one kind are one: a cluster gives the version that it prefers. */
function keyOf({ apiVersion, kind, namespace, name }: ManifestObject): string {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] as string) : '';
  return [MOVED[`${group}/${kind}`] ?? group, kind, namespace, name].join('\n');
}

/** Groups that kinds have left. */
const MOVED: Record<string, string> = {
  'extensions/Deployment': 'apps',
  'extensions/DaemonSet': 'apps',
  'extensions/ReplicaSet': 'apps',
  'extensions/Ingress': 'networking.k8s.io',
  'extensions/NetworkPolicy': 'networking.k8s.io',
};
