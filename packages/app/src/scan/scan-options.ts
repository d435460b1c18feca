import type { RegistryOptions } from '@breakwater/sources/images';
import type { ReadProgress } from '../estate/read-estate.ts';

/** What a scan is told beside its targets. */
export interface ScanOptions {
  /** State folder. */
  state: string;
  /** ISO 8601. */
  now: string;
  /** `linux/arm64`: which image of an index. */
  platform?: string | undefined;
  /** How registries are asked. */
  registry?: RegistryOptions | undefined;
  /** Files and folders of policies and exceptions to put in force. */
  policies?: string[] | undefined;
  /** VEX documents in force: files and folders. */
  vex?: string[] | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ReadProgress) => void) | undefined;
}
