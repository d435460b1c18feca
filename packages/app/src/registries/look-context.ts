import type { WatchedScope } from '@breakwater/model';
import type { RegistryOptions } from '@breakwater/sources/images';
import type { Judging } from '../estate/judging.ts';
import type { Pace } from './pace.ts';
import type { RegistryStore } from './registry-store.ts';

/** What every piece of work on registries needs. */
export interface LookContext {
  store: RegistryStore;
  /** State folder: advisories and the layer cache. */
  state: string;
  /** What images are judged by. */
  judging: Partial<Judging>;
  pace: Pace;
  signal: AbortSignal;
  /** Milliseconds. */
  clock(): number;
  /** 0 to 1. */
  random(): number;
  registryOptions(scope: WatchedScope): RegistryOptions;
  /** Told of an image that workloads run and that is known from now on. */
  onUsedImage(): void;
  /** Tells the operator, in one line without secrets. */
  report(line: string): void;
}
