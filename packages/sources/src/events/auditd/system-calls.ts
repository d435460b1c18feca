import type { RuntimeEvent } from '@breakwater/model';

/** `AUDIT_ARCH_*` of linux/audit.h that are understood. */
const ARCHITECTURES: Readonly<Record<string, 'x86-64' | 'arm64'>> = { c000003e: 'x86-64', c00000b7: 'arm64' };

/** Numbers on x86-64 and on arm64 (which lacks calls that others replace); the order is that of the kernel's tables. */
// biome-ignore format: a table
const CALLS: readonly (readonly [name: string, type: RuntimeEvent['type'], x86: number | undefined, arm: number | undefined])[] = [
  ['open', 'open', 2, undefined], ['creat', 'open', 85, undefined], ['openat', 'open', 257, 56], ['openat2', 'open', 437, 437],
  ['execve', 'exec', 59, 221], ['execveat', 'exec', 322, 281],
  ['fork', 'fork', 57, undefined], ['vfork', 'fork', 58, undefined], ['clone', 'fork', 56, 220], ['clone3', 'fork', 435, 435],
  ['exit', 'exit', 60, 93], ['exit_group', 'exit', 231, 94],
  ['connect', 'connect', 42, 203], ['accept', 'accept', 43, 202], ['accept4', 'accept', 288, 242], ['listen', 'listen', 50, 201],
  ['bind', 'syscall', 49, 200], ['sendto', 'syscall', 44, 206], ['socket', 'syscall', 41, 198],
  ['truncate', 'change', 76, 45], ['rename', 'change', 82, undefined], ['renameat', 'change', 264, 38],
  ['renameat2', 'change', 316, 276], ['mkdir', 'change', 83, undefined], ['mkdirat', 'change', 258, 34],
  ['rmdir', 'change', 84, undefined], ['unlink', 'change', 87, undefined], ['unlinkat', 'change', 263, 35],
  ['link', 'change', 86, undefined], ['linkat', 'change', 265, 37], ['symlink', 'change', 88, undefined],
  ['symlinkat', 'change', 266, 36], ['chmod', 'change', 90, undefined], ['fchmod', 'change', 91, 52],
  ['fchmodat', 'change', 268, 53], ['chown', 'change', 92, undefined], ['fchown', 'change', 93, 55],
  ['lchown', 'change', 94, undefined], ['fchownat', 'change', 260, 54], ['mknod', 'change', 133, undefined],
  ['mknodat', 'change', 259, 33], ['setxattr', 'change', 188, 5],
  ['setuid', 'privilege', 105, 146], ['setgid', 'privilege', 106, 144], ['setreuid', 'privilege', 113, 145],
  ['setregid', 'privilege', 114, 143], ['setresuid', 'privilege', 117, 147], ['setresgid', 'privilege', 119, 149],
  ['setfsuid', 'privilege', 122, 151], ['capset', 'privilege', 126, 91], ['ptrace', 'privilege', 101, 117],
  ['process_vm_readv', 'privilege', 310, 270], ['process_vm_writev', 'privilege', 311, 271],
  ['unshare', 'namespace', 272, 97], ['setns', 'namespace', 308, 268], ['chroot', 'namespace', 161, 51],
  ['pivot_root', 'namespace', 155, 41],
  ['mount', 'mount', 165, 40], ['umount2', 'mount', 166, 39], ['move_mount', 'mount', 429, 429], ['fsmount', 'mount', 432, 432],
  ['init_module', 'module', 175, 105], ['finit_module', 'module', 313, 273], ['delete_module', 'module', 176, 106],
  ['kexec_load', 'module', 246, 104],
  ['kill', 'signal', 62, 129], ['tkill', 'signal', 200, 130], ['tgkill', 'signal', 234, 131],
  ['memfd_create', 'syscall', 319, 279], ['bpf', 'syscall', 321, 280], ['perf_event_open', 'syscall', 298, 241],
];

const byNumber = { 'x86-64': new Map<number, SystemCall>(), arm64: new Map<number, SystemCall>() };
for (const [name, type, x86, arm] of CALLS) {
  if (x86 !== undefined) byNumber['x86-64'].set(x86, { name, type });
  if (arm !== undefined) byNumber.arm64.set(arm, { name, type });
}

/** A system call by name, and what kind of event it is. */
export interface SystemCall {
  name: string;
  type: RuntimeEvent['type'];
}

/** By its number on the architecture that a record names; one that is not known keeps its number as its name. */
export function systemCallIn(architecture: string | undefined, number: number): SystemCall {
  const table = byNumber[ARCHITECTURES[architecture ?? ''] ?? 'x86-64'];
  const isKnown = Object.hasOwn(ARCHITECTURES, architecture ?? '');
  return (isKnown ? table.get(number) : undefined) ?? { name: `system call ${number}`, type: 'syscall' };
}
