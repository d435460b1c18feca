import { seccompLets } from '@breakwater/engine/compile/seccomp';
import type { GuardName } from '@breakwater/model';
import { GUARD_BITS } from '../kernel/guard-bits.ts';
import type { Guard, GuardStep } from '../kernel/index.ts';
import type { ContainerBounds } from './bounds.ts';

/**
 * By what a guard holds. `bpf-lsm` refuses the call; `exec` kills before the first instruction; `cgroup` refuses before the
 * first packet; `seccomp` and `no-new-privileges` are of the container's own start, and outlive the sensor. `killed-after`
 * kills whoever called, when the call has had its effect: no prevention. `told` does nothing more than that.
 */
export type Mechanism = 'bpf-lsm' | 'exec' | 'cgroup' | 'seccomp' | 'no-new-privileges' | 'killed-after' | 'told';

/** What one guard is worth in one container, on this kernel. */
export interface Holding {
  guard: GuardName;
  step: GuardStep;
  mechanism: Mechanism;
  /** Whether what is guarded has no effect. */
  prevents: boolean;
  /** Whether it holds without the sensor as well: after its end, or while it is killed. */
  outlives: boolean;
  /** What it does not stop, or how to come to more. */
  note?: string;
}

/** What this kernel does: see `KernelWatch`. */
export interface KernelMeans {
  lsm: ReadonlySet<GuardName>;
  guardsConnections: boolean;
  guardsUnixNames: boolean;
}

const PREVENTING: ReadonlySet<Mechanism> = new Set(['bpf-lsm', 'exec', 'cgroup', 'seccomp', 'no-new-privileges']);
const OUTLIVING: ReadonlySet<Mechanism> = new Set(['seccomp', 'no-new-privileges']);
const REFUSED =
  'the kernel took its programs when the sensor began, and refuses them now: other programs may fill its cgroup';
const START_BOUND = 'start it with the seccomp profile that `breakwater sensor --write-seccomp` makes';

/** What each guard of a container is worth. Without `bounds` (nobody knows, or no container yet) only the kernel counts. */
export function holdingsOf(guard: Guard, means: KernelMeans, bounds?: ContainerBounds): Holding[] {
  return (Object.keys(GUARD_BITS) as GuardName[]).flatMap((name) => {
    const step = guard[name];
    if (step === undefined) return [];
    const { mechanism, note } = holdingOf(name, means, bounds);
    const prevents = PREVENTING.has(mechanism) && (step === 'block' || OUTLIVING.has(mechanism));
    return [{ guard: name, step, mechanism, prevents, outlives: OUTLIVING.has(mechanism), ...(note && { note }) }];
  });
}

function holdingOf(
  name: GuardName,
  { lsm, guardsConnections, guardsUnixNames }: KernelMeans,
  bounds: ContainerBounds | undefined,
): { mechanism: Mechanism; note?: string } {
  const seccomp = bounds === undefined ? undefined : seccompHolding(name, bounds);
  if (seccomp !== undefined && seccomp.lets.length === 0) return { mechanism: 'seccomp' };
  if (name === 'gains' && bounds?.noNewPrivileges === true && !lsm.has(name))
    return { mechanism: 'no-new-privileges', note: 'setuid calls of who holds CAP_SETUID are only told' };
  if (name === 'connections') return guardsConnections ? { mechanism: 'cgroup' } : { mechanism: 'told', note: REFUSED };
  if (lsm.has(name)) return { mechanism: 'bpf-lsm' };
  switch (name) {
    case 'programs':
      return { mechanism: 'exec', note: 'scripts that a program of the image reads' };
    case 'starts':
      return { mechanism: 'exec' };
    case 'gains':
      return { mechanism: 'exec', note: 'setuid calls of who holds CAP_SETUID are only told' };
    case 'sockets':
      return guardsUnixNames
        ? { mechanism: 'cgroup', note: 'by the name that is written: not where a permitted name is made a link' }
        : { mechanism: 'told', note: 'needs BPF-LSM, or Linux 6.7' };
    case 'credentials':
      return { mechanism: 'killed-after', note: 'it dies before it reads, unless another of its threads is quicker' };
    default:
      return { mechanism: 'killed-after', note: noteOf(seccomp?.lets) };
  }
}

function seccompHolding(name: GuardName, { seccomp }: ContainerBounds): { lets: string[] } | undefined {
  if (typeof seccomp === 'string') return undefined;
  const lets = seccompLets(seccomp, name);
  return lets && { lets };
}

const MOST_NAMED = 4;

function noteOf(lets: readonly string[] | undefined): string {
  if (lets === undefined) return START_BOUND;
  const names = lets.slice(0, MOST_NAMED).join(', ');
  const more = lets.length > MOST_NAMED ? ` and ${lets.length - MOST_NAMED} more` : '';
  return `its seccomp profile lets ${names}${more}: ${START_BOUND}`;
}
