import type { GuardName } from '@breakwater/model';

/** `enum guard` of bpf/maps.h. */
export const GUARD_BITS: Readonly<Record<GuardName, number>> = {
  programs: 1,
  connections: 2,
  starts: 4,
  sockets: 8,
  credentials: 16,
  gains: 32,
  namespaces: 64,
  mounts: 128,
  tracing: 256,
  kernel: 512,
};
