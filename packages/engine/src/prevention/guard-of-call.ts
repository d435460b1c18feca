import type { GuardName } from '@breakwater/model';

const CALLS: readonly [calls: RegExp, guard: GuardName][] = [
  [/^(?:unshare|clone3?|setns)$/, 'namespaces'],
  [/^(?:u?mount2?|pivot_root|open_tree|move_mount|fs(?:open|config|mount|pick)|mount_setattr)$/, 'mounts'],
  [/^(?:ptrace|process_vm_(?:read|write)v|pidfd_getfd)$/, 'tracing'],
  [/^(?:(?:f?init|delete)_module|kexec_\w+|bpf|perf_event_open|iopl|ioperm|userfaultfd)$/, 'kernel'],
  [/^set\w*uid$/, 'gains'],
];

/** The guard that looks at a system call; undefined for calls that none looks at. */
export const guardOfCall = (call: string): GuardName | undefined => CALLS.find(([calls]) => calls.test(call))?.[1];
