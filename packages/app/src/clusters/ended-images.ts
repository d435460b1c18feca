import { imageReference, sameImage, supportOf } from '@breakwater/engine/inventory';
import { describeSupport, type Image, type RunningWorkload, type SprawlItem } from '@breakwater/model';

/** Names by which the images that workloads run are looked up: digests that run, else references as registries know them. */
export function imageNamesOf(workloads: readonly RunningWorkload[]): string[] {
  const names = workloads
    .flatMap(({ images }) => images)
    .flatMap(({ reference, digests }) => {
      const parsed = imageReference(reference);
      const named = parsed && (parsed.digest ?? `${parsed.registry}/${parsed.repository}:${parsed.tag ?? 'latest'}`);
      return [...digests, ...(named ? [named] : [])];
    });
  return [...new Set(names)];
}

/** Workloads whose image stands on a system or a runtime that gets no more fixes, of the images that are known. */
export function endedImages(
  workloads: readonly RunningWorkload[],
  images: readonly Image[],
  now: string,
): SprawlItem[] {
  return workloads.flatMap(({ workload, images: running, since }) => {
    const reasons = running.flatMap(({ container, reference, digests }) => {
      const image = images.find(
        (one) => digests.some((digest) => one.manifestDigests.includes(digest)) || sameImage(reference, one),
      );
      const ended =
        image === undefined ? [] : supportOf(image, now).flatMap((status) => describeSupport(status, now) ?? []);
      return ended.map((reason) => `${container}: ${reason}`);
    });
    if (reasons.length === 0) return [];
    const about = since === undefined ? {} : { since };
    return [{ kind: 'end-of-life' as const, object: workload, why: [...new Set(reasons)].join('; '), ...about }];
  });
}
