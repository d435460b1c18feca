import type { RegistryOptions } from '@breakwater/sources/images';
import type { ReadLiveOptions } from '../clusters/read-live.ts';
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
  /** Packs of policies to put in force too. */
  packs?: string[] | undefined;
  /** `1.29`: the version of Kubernetes whose revision of policies holds; the newest when absent. */
  kubernetesVersion?: string | undefined;
  /** VEX documents in force: files and folders. */
  vex?: string[] | undefined;
  /** How clusters are found and read, for targets such as `cluster:production`. */
  clusters?: ReadLiveOptions | undefined;
  /** Reports of other tools beside the targets. */
  reports?: string[] | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ReadProgress) => void) | undefined;
}
