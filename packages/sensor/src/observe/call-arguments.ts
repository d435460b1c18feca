import type { KernelRecord } from '../kernel/record.ts';

/** CLONE_NEW* of linux/sched.h. */
const NAMESPACES: readonly (readonly [bit: number, name: string])[] = [
  [0x10000000, 'user'],
  [0x20000, 'mount'],
  [0x20000000, 'pid'],
  [0x40000000, 'network'],
  [0x8000000, 'ipc'],
  [0x4000000, 'uts'],
  [0x2000000, 'cgroup'],
  [0x80, 'time'],
];
/** PTRACE_* of linux/ptrace.h and of x86-64. */
const TRACES: Readonly<Record<number, string>> = {
  0: 'be traced',
  1: 'read',
  2: 'read',
  3: 'read',
  4: 'write',
  5: 'write',
  6: 'write',
  12: 'read registers',
  13: 'write registers',
  16: 'attach',
  16900: 'read registers',
  16901: 'write registers',
  16902: 'attach',
};
/** Commands of bpf(2), linux/bpf.h. */
const BPF_COMMANDS: Readonly<Record<number, string>> = {
  0: 'map',
  2: 'write map',
  5: 'program',
  8: 'attach',
  18: 'btf',
  28: 'link',
};
const MS_REMOUNT = 32;
const MS_BIND = 4096;
/** Flags that change how a mount is shared with others. */
const MS_PROPAGATION = 0x1e0000;
const NO_CHANGE = 0xffff_ffff;
/** Which argument is the user or group that counts from now on. */
const EFFECTIVE: Readonly<Record<string, 0 | 1>> = {
  setuid: 0,
  setgid: 0,
  setfsuid: 0,
  setfsgid: 0,
  setreuid: 1,
  setregid: 1,
  setresuid: 1,
  setresgid: 1,
};

/** What of a call's arguments matters, in words; empty where nothing does. */
export function callArguments(name: string, { values, texts }: KernelRecord): string {
  const effective = EFFECTIVE[name];
  if (effective !== undefined) return userOf(values[effective]);
  switch (name) {
    case 'unshare':
    case 'clone':
    case 'clone3':
      return namespacesIn(values[0]);
    case 'setns':
      return namespacesIn(values[1]);
    case 'ptrace':
      return TRACES[Number(values[0])] ?? '';
    case 'bpf':
      return BPF_COMMANDS[Number(values[0])] ?? '';
    case 'mount':
      return mountKind(Number(values[3] & 0xffff_ffffn), texts[2].toString('latin1'));
    default:
      return '';
  }
}

function userOf(value: bigint): string {
  const number = Number(value & 0xffff_ffffn);
  return number === NO_CHANGE ? '' : String(number);
}

const namespacesIn = (flags: bigint): string =>
  NAMESPACES.flatMap(([bit, name]) => ((flags & BigInt(bit)) === 0n ? [] : [name])).join(' ');

/** Flags say what is done before the file system does: of a bind nobody reads it. */
function mountKind(flags: number, fileSystem: string): string {
  if ((flags & MS_REMOUNT) !== 0) return 'remount';
  if ((flags & MS_BIND) !== 0) return 'bind';
  if ((flags & MS_PROPAGATION) !== 0) return 'propagation';
  return /^[\w.-]{1,32}$/.test(fileSystem) ? fileSystem : '';
}
