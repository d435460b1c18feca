import { join } from 'node:path';

/** Folder of the state folder that keeps what was read of layers. */
export function layerCachePath(state: string): string {
  return join(state, 'layers');
}
