import type { Image, Unknown } from '@breakwater/model';
import { layerCachePath } from '../estate/layer-cache-path.ts';
import { readEstate } from '../estate/read-estate.ts';
import type { ScanOptions } from './scan-options.ts';

/** The images among targets with all that they hold, unjudged. */
export async function listImages(
  targets: string[],
  { state, platform, registry, signal, onProgress }: ScanOptions,
): Promise<{ images: Image[]; unknowns: Unknown[] }> {
  const { images, unknowns } = await readEstate(targets, {
    platform,
    registry,
    signal,
    onProgress,
    cache: layerCachePath(state),
    events: false,
  });
  return { images, unknowns };
}
