import type { RuntimeEvent } from '@breakwater/model';

/** A system call by which something is done that matters, and what kind of event it is. */
export interface SystemCall {
  name: string;
  type: RuntimeEvent['type'];
}

// biome-ignore format: a table
const groups: Readonly<Partial<Record<RuntimeEvent['type'], Readonly<Record<number, string>>>>> = {
  change: {
    76: 'truncate', 82: 'rename', 83: 'mkdir', 84: 'rmdir', 86: 'link', 87: 'unlink', 88: 'symlink', 90: 'chmod',
    91: 'fchmod', 92: 'chown', 93: 'fchown', 94: 'lchown', 133: 'mknod', 258: 'mkdirat', 259: 'mknodat',
    260: 'fchownat', 263: 'unlinkat', 264: 'renameat', 265: 'linkat', 266: 'symlinkat', 268: 'fchmodat',
    316: 'renameat2', 452: 'fchmodat2',
  },
  privilege: {
    105: 'setuid', 106: 'setgid', 113: 'setreuid', 114: 'setregid', 117: 'setresuid', 119: 'setresgid',
    122: 'setfsuid', 126: 'capset', 101: 'ptrace', 310: 'process_vm_readv', 311: 'process_vm_writev',
    438: 'pidfd_getfd', 172: 'iopl', 173: 'ioperm',
  },
  namespace: { 56: 'clone', 272: 'unshare', 308: 'setns', 435: 'clone3', 161: 'chroot', 155: 'pivot_root' },
  mount: {
    165: 'mount', 166: 'umount2', 428: 'open_tree', 429: 'move_mount', 430: 'fsopen', 432: 'fsmount',
    442: 'mount_setattr',
  },
  module: {
    175: 'init_module', 176: 'delete_module', 246: 'kexec_load', 313: 'finit_module', 320: 'kexec_file_load',
  },
  syscall: {
    33: 'dup2', 292: 'dup3', 298: 'perf_event_open', 319: 'memfd_create', 321: 'bpf', 323: 'userfaultfd',
    425: 'io_uring_setup',
  },
};

const byNumber = new Map<number, SystemCall>();
for (const [type, names] of Object.entries(groups))
  for (const [number, name] of Object.entries(names))
    byNumber.set(Number(number), { name, type: type as RuntimeEvent['type'] });

/** By its number on x86-64, as the kernel's programs tell it; undefined for those that are not looked at. */
export const systemCallOf = (number: number): SystemCall | undefined => byNumber.get(number);
