import { imageReference } from '@breakwater/engine/inventory';
import type { Assessment } from '../assessment/assessment.ts';

/** Names by which the workloads of an assessment run images: references, digests, ids of images. */
export function imageUses({ workloads }: Pick<Assessment, 'workloads'>): { name: string; workload: string }[] {
  const uses = new Map<string, { name: string; workload: string }>();
  for (const { workload, ranked } of workloads) {
    for (const { reference, image } of ranked.images) {
      const names = image === undefined ? namesOf(reference) : [...namesOf(reference), image];
      for (const name of names) uses.set(JSON.stringify([name, workload.id]), { name, workload: workload.id });
    }
  }
  return [...uses.values()];
}

/** The name under which a registry knows what a workload names. Where a digest is named, the tag beside it does not count. */
export function namesOf(text: string): string[] {
  const reference = imageReference(text);
  if (reference === undefined) return [];
  const { registry, repository, tag = 'latest', digest } = reference;
  return [digest ?? `${registry}/${repository}:${tag}`];
}
