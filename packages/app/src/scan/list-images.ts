import type { Image, Unknown } from '@breakwater/model';
import { readEstate } from '../estate/read-estate.ts';
import type { ScanOptions } from './scan-targets.ts';

/** The images among targets with all that they hold, unjudged. */
export async function listImages(
  targets: string[],
  options: Pick<ScanOptions, 'platform' | 'signal' | 'onProgress'>,
): Promise<{ images: Image[]; unknowns: Unknown[] }> {
  const { images, unknowns } = await readEstate(targets, { ...options, events: false });
  return { images, unknowns };
}
