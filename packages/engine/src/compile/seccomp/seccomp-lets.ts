import type { GuardName } from '@breakwater/model';
import { CLONE_SIGNAL, KERNEL_CALLS, MOUNT_CALLS, NAMESPACE_BITS, TRACING_CALLS } from './calls.ts';
import { type SeccompProfile, type SystemCallSample, seccompRefuses } from './seccomp-profile.ts';

const bits = Object.values(NAMESPACE_BITS);
/** They are gone from kernels that the sensor runs on, or do no more than compare. */
const HARMLESS = new Set(['create_module', 'kcmp', 'umount']);
const named = (names: readonly string[]): SystemCallSample[] =>
  names.filter((name) => !HARMLESS.has(name)).map((name) => ({ name }));

/** Calls by which guards are passed, each with the arguments that do. */
const CALLS: Readonly<Partial<Record<GuardName, readonly SystemCallSample[]>>> = {
  namespaces: [
    ...bits.map((bit) => ({ name: 'unshare', args: [bit] })),
    ...bits.filter((bit) => bit > CLONE_SIGNAL).map((bit) => ({ name: 'clone', args: [bit] })),
    { name: 'clone3' },
    { name: 'setns' },
  ],
  mounts: named(MOUNT_CALLS),
  tracing: named(TRACING_CALLS),
  kernel: named(KERNEL_CALLS),
};

/** Calls of a guard that a seccomp profile lets, by name: none where it holds. Undefined for guards that are not about calls. */
export function seccompLets(profile: SeccompProfile, guard: GuardName): string[] | undefined {
  const lets = CALLS[guard]?.filter((call) => !seccompRefuses(profile, call)).map(({ name }) => name);
  return lets && [...new Set(lets)];
}
