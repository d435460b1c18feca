import { imageReference } from '@breakwater/engine/inventory';
import { type ManifestObject, type Workload, workloadId } from '@breakwater/model';
import { indexLive, objectsAt, textAt } from './live-index.ts';
import { ownerChain } from './running-workloads.ts';

const DIGEST = /sha256:[0-9a-f]{64}/;
const STATUSES = ['containerStatuses', 'initContainerStatuses'];

/**
 * Workloads of live clusters with the digest that their nodes say they run beside the name of each image: a tag may have
 * been moved since. Where pods differ, as in the middle of a rollout, or no node says it, the name stays alone.
 */
export function withRunningDigests(workloads: Workload[], objects: readonly ManifestObject[]): Workload[] {
  if (!objects.some(({ live, kind }) => live && kind === 'Pod')) return workloads;
  const running = digestsOf(objects);
  return workloads.map((workload) => {
    const digests = running.get(workload.id);
    if (digests === undefined) return workload;
    return { ...workload, containers: workload.containers.map((container) => pin(container, digests)) };
  });
}

function pin(container: Workload['containers'][number], digests: ReadonlyMap<string, ReadonlySet<string>>) {
  const [digest, ...others] = digests.get(container.name) ?? [];
  const named = imageReference(container.image);
  if (digest === undefined || others.length > 0 || named === undefined || named.digest !== undefined) return container;
  return { ...container, image: `${container.image}@${digest}` };
}

/** By workload and container. */
function digestsOf(objects: readonly ManifestObject[]): Map<string, Map<string, Set<string>>> {
  const index = indexLive(objects.filter(({ live }) => live));
  const found = new Map<string, Map<string, Set<string>>>();
  for (const pod of index.ofKind('Pod')) {
    const top = ownerChain(pod, index).findLast(({ object }) => object !== undefined)?.object ?? pod;
    const id = workloadId(top);
    const own = found.get(id) ?? new Map<string, Set<string>>();
    for (const status of STATUSES.flatMap((list) => objectsAt(pod.object, 'status', list))) {
      const digest = DIGEST.exec(textAt(status, 'imageID') ?? '')?.[0];
      const name = textAt(status, 'name') ?? '';
      if (digest !== undefined) own.set(name, (own.get(name) ?? new Set()).add(digest));
    }
    found.set(id, own);
  }
  return found;
}
