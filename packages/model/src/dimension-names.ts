import type { Behaviour } from './behaviour.ts';

/** What people call each dimension of behaviour. */
export const DIMENSION_NAMES: Readonly<Record<Behaviour['dimension'], string>> = {
  exec: 'programs',
  open: 'files',
  connect: 'connections out',
  listen: 'open ports',
  capability: 'capabilities',
  syscall: 'system calls',
  privilege: 'privileges',
};
