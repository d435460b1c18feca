import type { RegistryOptions } from './registry/connect-registry.ts';

/** What is needed to open anything. */
export interface OpenOptions {
  platform: string | undefined;
  registry: RegistryOptions | undefined;
  signal: AbortSignal;
  /** Programs are to be listed: what is packed from folders has them whole. */
  release: boolean;
  /** Whether a layer of this digest was read before, and need not be had again. */
  isKept: (digest: string) => Promise<boolean>;
}
