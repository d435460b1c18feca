import type { Container, ManifestObject, Workload } from '@breakwater/model';
import { runningContainers } from '../inventory/running-containers.ts';
import { fieldAt, fieldOf, objectOf, objectsOf, textOf } from '../json/index.ts';

/** What keeps the pods of a namespace from using up their nodes. */
export interface Bounds {
  /** A ResourceQuota limits processor or memory of the namespace. */
  quota: boolean;
  /** A LimitRange gives containers that say nothing a limit of memory. */
  defaults: boolean;
}

const NONE: Bounds = { quota: false, defaults: false };

/** Keys of quotas that bound what pods use; counts of objects do not. */
const USE = /^((limits|requests)\.)?(cpu|memory)$/;

/** What bounds each namespace, by name; those that nothing bounds are left out. */
export function boundsOf(objects: readonly ManifestObject[]): ReadonlyMap<string, Bounds> {
  const found = new Map<string, Bounds>();
  for (const { kind, apiVersion, namespace, object } of objects) {
    if (apiVersion !== 'v1') continue;
    const known = found.get(namespace) ?? NONE;
    if (
      kind === 'ResourceQuota' &&
      Object.keys(objectOf(fieldAt(object, 'spec', 'hard')) ?? {}).some((key) => USE.test(key))
    )
      found.set(namespace, { ...known, quota: true });
    if (kind === 'LimitRange' && objectsOf(fieldAt(object, 'spec', 'limits')).some(hasDefault))
      found.set(namespace, { ...known, defaults: true });
  }
  return found;
}

type Limits = ReturnType<typeof objectsOf>[number];

/** What `max` allows is the default too, where none is written. */
function hasDefault(limits: Limits): boolean {
  if (textOf(fieldOf(limits, 'type')) !== 'Container') return false;
  return ['default', 'max'].some((field) => fieldAt(limits, field, 'memory') !== undefined);
}

/** Containers of a workload that may use as much memory as their node has. */
export function unboundedContainers(workload: Workload, { defaults }: Bounds = NONE): Container[] {
  if (defaults) return [];
  return runningContainers(workload).filter(({ limits }) => !Object.hasOwn(limits, 'memory'));
}
