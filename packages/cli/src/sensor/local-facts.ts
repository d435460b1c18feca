import { join } from 'node:path';
import type { RunningImage } from '@breakwater/app/profiles';
import { releaseFacts } from '@breakwater/engine/behaviour';
import type { ReleaseFacts } from '@breakwater/model';
import type { Invocation } from '../command.ts';

/** An image that takes longer is learned of without what is in it. */
const PATIENCE = 120_000;

/** Reads images that containers of this host run, where they are at hand: what is in them explains what they do. */
export function localFacts({
  state,
  signal,
}: Pick<Invocation, 'state' | 'signal'>): (image: RunningImage) => Promise<ReleaseFacts | undefined> {
  return async ({ image, imageName }) => {
    const { looksLikeReference, readImages } = await import('@breakwater/sources/images');
    const name = imageName === '' ? image : imageName;
    if (!looksLikeReference(name)) return undefined;
    const cache = join(state, 'layers');
    const ends = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
    for (const scheme of ['podman', 'docker', 'containers-storage']) {
      const read = await readImages(`${scheme}:${name}`, { release: true, cache, signal: ends }).catch(() => undefined);
      const [found] = read?.images ?? [];
      if (found !== undefined) return releaseFacts({ image: found });
    }
    return undefined;
  };
}
