import type { RegistryOptions } from '@breakwater/sources/images';
import type { ReadLiveOptions } from '../clusters/read-live.ts';
import type { Judging } from '../estate/judging.ts';
import type { ReadProgress } from '../estate/read-estate.ts';

/** What a scan is told beside its targets. */
export interface ScanOptions extends Partial<Judging> {
  /** State folder. */
  state: string;
  /** ISO 8601. */
  now: string;
  /** `linux/arm64`: which image of an index. */
  platform?: string | undefined;
  /** How registries are asked. */
  registry?: RegistryOptions | undefined;
  /** How clusters are found and read, for targets such as `cluster:production`. */
  clusters?: ReadLiveOptions | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ReadProgress) => void) | undefined;
}
