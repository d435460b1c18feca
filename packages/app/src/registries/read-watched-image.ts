import { type Image, type Unknown, UpstreamError, UserError, type WatchedScope } from '@breakwater/model';
import { openLookup } from '../advisories/open-lookup.ts';
import { layerCachePath } from '../estate/layer-cache-path.ts';
import { openPolicySet } from '../estate/policy-set.ts';
import { judgeInventory } from './judge-inventory.ts';
import type { LookContext } from './look-context.ts';
import type { Job } from './registry-store.ts';
import { troubleOf } from './schedule.ts';

/** Codes of what passes by itself: the image is read again until it is there. */
const PASSING = new Set(['registry-failed', 'registry-unreachable', 'registry-busy', 'registry-answer-too-large']);

/** How often anything else is tried again: a machine without memory fails in ways that look lasting. */
const MORE_ATTEMPTS = 3;

/**
 * Reads the image of a digest behind the wall, layers that are kept not again, and judges it. An image that cannot be
 * read for good is marked so, with the reason. Throws where trying again may help.
 */
export async function readWatchedImage(job: Job, scope: WatchedScope, context: LookContext): Promise<void> {
  const { store, state, judging, pace, signal, clock, registryOptions, report, onUsedImage } = context;
  const references = await store.referencesOf(job);
  // Moved on meanwhile: nobody wants it any more.
  if (references.length === 0) return await store.finish(job, {});
  const { readImages } = await import('@breakwater/sources/images');
  // Only there: an image of this name on this machine may be another.
  const target = `registry:${scope.registry}/${job.repository}@${job.digest}`;
  const { images, unknowns } = await pace.run(scope.registry, signal, () =>
    readImages(target, {
      signal,
      cache: layerCachePath(state),
      registry: registryOptions(scope),
      ...(scope.platform === undefined ? {} : { platform: scope.platform }),
    }),
  );
  const [image] = images;
  const now = new Date(clock()).toISOString();
  if (!image) {
    const error = errorOf(unknowns[0], target);
    await store.failImage(job, troubleOf(error, now));
    if (PASSING.has(error.code) || job.attempts < MORE_ATTEMPTS) throw error;
    await store.finish(job, {});
    return;
  }
  const named = nameImage(image, references, job, unknowns);
  const advisories = await openLookup(state, [], signal, judging.vex);
  try {
    const { policySet } = await openPolicySet(judging.policies ?? [], now, advisories.status, undefined, judging);
    await store.saveImage(job, scope.platform ?? '', judgeInventory(named, { advisories, policySet }, now), now);
  } finally {
    advisories.close();
  }
  await store.finish(job, {});
  if (await store.isUsed([...references, named.id, ...named.manifestDigests])) onUsedImage();
  const { length } = image.components;
  report(`read ${references[0]} (${length} ${length === 1 ? 'component' : 'components'})`);
}

/** The image under the names that people use. Whatever could not be read stays with it. */
function nameImage(image: Image, references: string[], { digest }: Job, unknowns: Unknown[]): Image {
  const manifestDigests = [...new Set([...image.manifestDigests, digest])];
  return {
    ...image,
    target: references[0] as string,
    references,
    manifestDigests,
    unknowns: [...image.unknowns, ...unknowns],
  };
}

function errorOf(unknown: Unknown | undefined, target: string): UserError | UpstreamError {
  const { code = 'image-unreadable', message = `${target} holds no image that can be read.`, hint } = unknown ?? {};
  const details = { code, ...(hint === undefined ? {} : { hint }) };
  return PASSING.has(code) ? new UpstreamError(message, details) : new UserError(message, details);
}
