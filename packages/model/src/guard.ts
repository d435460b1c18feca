import { z } from 'zod';

/** What a container can be kept from. */
export const GuardName = z.enum([
  /** Programs that are not in its image: dropped, changed, or in memory only. */
  'programs',
  /** Programs that its profile does not have their parent start: a shell out of a web server. */
  'starts',
  /** Connections and datagrams to where nothing allows them. */
  'connections',
  /** Sockets that are files, a container runtime's among them. */
  'sockets',
  /** Files that hold credentials. */
  'credentials',
  /** Users, groups and capabilities that were not held before: programs with a setuid bit, or calls. */
  'gains',
  /** New namespaces, and entering those of others. */
  'namespaces',
  'mounts',
  /** Reading and writing the memory of other processes: ptrace and its like. */
  'tracing',
  /** Modules, other kernels, eBPF, performance events, ports. */
  'kernel',
]);
export type GuardName = z.infer<typeof GuardName>;

/** Guards by which a process is kept from getting more than it was given. */
export const PRIVILEGE_GUARDS: readonly GuardName[] = ['gains', 'namespaces', 'mounts', 'tracing', 'kernel'];
