import { podSpecPath } from '@breakwater/engine/inventory';
import type { ManifestObject, SprawlItem } from '@breakwater/model';
import { createdAt, type LiveIndex, objectsAt, ownersOf, textAt, textsAt, valueAt } from './live-index.ts';
import { selectsLabels } from './select-labels.ts';
import { isSystem, sprawlItem } from './sprawl-item.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Days for which finished and idle things may be there for a reason. */
const FINISHED_DAYS = 7;
const IDLE_DAYS = 30;
const SCALED = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController']);
const MIRROR = 'kubernetes.io/config.mirror';

/** Workloads that nobody controls, that finished, that run nothing, or that nobody can call. */
export function idleWorkloads(index: LiveIndex, now: string): SprawlItem[] {
  return index.objects.flatMap((entry) => {
    if (podSpecPath(entry) === undefined || isSystem(entry)) return [];
    if (ownersOf(entry).some(({ uid }) => index.byUid(uid))) return [];
    const finished = finishedAt(entry);
    if (finished !== undefined) return finishedItem(entry, finished, now);
    return orphaned(entry) ?? idle(entry, now) ?? unselected(entry, index) ?? [];
  });
}

function orphaned(entry: ManifestObject): SprawlItem[] | undefined {
  const owners = ownersOf(entry);
  const isPod = entry.kind === 'Pod';
  if (!isPod && entry.kind !== 'ReplicaSet') return undefined;
  if (textsAt(entry.object, 'metadata', 'annotations')[MIRROR] !== undefined) return [];
  const [lost] = owners.filter(({ controller }) => controller);
  const why = lost
    ? `${lost.kind} ${lost.name}, which controls it, is gone or may not be read`
    : isPod
      ? 'Nothing controls this pod: when its node goes, it is gone, and nobody updates it'
      : 'No Deployment controls this ReplicaSet: nobody updates it';
  return [sprawlItem('orphaned-workload', entry, why)];
}

function idle(entry: ManifestObject, now: string): SprawlItem[] | undefined {
  if (!SCALED.has(entry.kind) || valueAt(entry.object, 'spec', 'replicas') !== 0) return undefined;
  const changed = lastChange(entry) ?? createdAt(entry);
  if (!isOlder(changed, IDLE_DAYS, now)) return undefined;
  return [sprawlItem('idle-workload', entry, `Scaled to zero and not changed since ${changed?.slice(0, 10)}`)];
}

function unselected(entry: ManifestObject, index: LiveIndex): SprawlItem[] | undefined {
  if (entry.kind !== 'Deployment' && entry.kind !== 'StatefulSet') return undefined;
  const template = valueAt(entry.object, 'spec', 'template');
  const ports = objectsAt(template, 'spec', 'containers').flatMap((container) => objectsAt(container, 'ports'));
  const listens = ports.filter(({ name }) => !/metrics|prom|health|probe/.test(String(name ?? '')));
  if (listens.length === 0) return undefined;
  const labels = textsAt(template, 'metadata', 'labels');
  const selected = index
    .inNamespace('Service', entry.cluster, entry.namespace)
    .some(({ object }) => selectsLabels(textsAt(object, 'spec', 'selector'), labels));
  if (selected) return undefined;
  const named = listens.map(({ containerPort }) => containerPort).join(', ');
  return [sprawlItem('unselected-workload', entry, `It listens on ${named}, and no Service leads to it`)];
}

/** When a Job or a pod ended, whatever its outcome. */
function finishedAt({ kind, object }: ManifestObject): string | undefined {
  if (kind === 'Job') {
    const done = objectsAt(object, 'status', 'conditions').find(
      ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
    );
    return textAt(object, 'status', 'completionTime') ?? textAt(done, 'lastTransitionTime');
  }
  if (kind !== 'Pod') return undefined;
  const phase = textAt(object, 'status', 'phase');
  if (phase !== 'Succeeded' && phase !== 'Failed') return undefined;
  const ends = objectsAt(object, 'status', 'containerStatuses').flatMap(
    (status) => textAt(status, 'state', 'terminated', 'finishedAt') ?? [],
  );
  return ends.sort().at(-1) ?? textAt(object, 'metadata', 'creationTimestamp');
}

function finishedItem(entry: ManifestObject, at: string, now: string): SprawlItem[] {
  if (!isOlder(at, FINISHED_DAYS, now)) return [];
  return [sprawlItem('finished-workload', entry, `It ended on ${at.slice(0, 10)} and was never removed`)];
}

function lastChange({ object }: ManifestObject): string | undefined {
  return objectsAt(object, 'metadata', 'managedFields')
    .filter(({ subresource }) => subresource === undefined || subresource === 'scale')
    .flatMap((entry) => textAt(entry, 'time') ?? [])
    .sort()
    .at(-1);
}

function isOlder(time: string | undefined, days: number, now: string): boolean {
  return time !== undefined && Date.parse(now) - Date.parse(time) > days * DAY;
}
