import type { Behaviour } from '@breakwater/model';
import type { Confinement } from '../compile-target.ts';
import type { Dimension } from './arming.ts';

/** What no application does, of each kind. */
const STRANGE: Readonly<Record<Dimension, readonly string[]>> = {
  exec: ['/breakwater/strange'],
  open: ['/breakwater/strange'],
  connect: ['203.0.113.77:7/TCP', '203.0.113.77:9/UDP', '203.0.113.77:9/SCTP'],
  listen: ['7/TCP', '9/UDP', '9/SCTP'],
  capability: ['CAP_SYS_BOOT', 'CAP_SYS_TIME'],
  syscall: ['kexec_load', 'init_module'],
  privilege: ['uid 0', 'unshare user mount', 'setns', 'mount proc /breakwater', 'ptrace', 'init_module'],
};

/** Whether something compiled refuses anything of a kind: of what was asked for, a profile may leave nothing to refuse. */
export const refusesIn = ({ judge }: Pick<Confinement, 'judge'>, dimension: Dimension): boolean =>
  STRANGE[dimension].some((object) => {
    const behaviour: Behaviour = { dimension, actor: '/breakwater/strange', parent: '', object };
    return judge(dimension === 'open' ? { ...behaviour, access: 'write' } : behaviour) === 'refused';
  });
