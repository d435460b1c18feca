import type { DangerousCapability } from '../../inventory/index.ts';
import type { SettingName } from './settings.ts';

/** How far a capability leads towards the node, in words for a path, and by what. */
export interface CapabilityEscape {
  strength: SettingName;
  phrase: string;
  /** What an attacker does with it. */
  how: string;
}

/** Capabilities that lead to the node, the worst first. */
export const capabilityEscapes: Readonly<Record<DangerousCapability, CapabilityEscape>> = {
  ALL: { strength: 'escapeCertain', phrase: 'has every capability', how: 'all the ways of the other capabilities' },
  SYS_MODULE: {
    strength: 'escapeCertain',
    phrase: 'may load kernel modules',
    how: 'a module runs in the kernel that all containers of the node share',
  },
  SYS_ADMIN: {
    strength: 'escapeHigh',
    phrase: 'may mount file systems (SYS_ADMIN)',
    how: 'a mounted cgroup hierarchy runs a program of choice on the node (release_agent)',
  },
  SYS_RAWIO: {
    strength: 'escapeLikely',
    phrase: 'may read and write the memory of the node (SYS_RAWIO)',
    how: 'I/O ports and physical memory lie below every container',
  },
  DAC_READ_SEARCH: {
    strength: 'escapeLikely',
    phrase: 'may open files by handle (DAC_READ_SEARCH)',
    how: 'a guessed file handle opens any file of the disk on which the container lies',
  },
  BPF: {
    strength: 'escapePossible',
    phrase: 'may load programs into the kernel (BPF)',
    how: 'a program in the kernel sees what other containers do, and with tracing changes it',
  },
  PERFMON: {
    strength: 'escapeSlight',
    phrase: 'may trace the kernel (PERFMON)',
    how: 'tracing shows addresses and data of other processes',
  },
  SYS_PTRACE: {
    strength: 'escapeSlight',
    phrase: 'may trace processes (SYS_PTRACE)',
    how: 'code is put into any process that it sees: with hostPID into those of the node',
  },
  NET_ADMIN: {
    strength: 'escapeSlight',
    phrase: 'may change the network (NET_ADMIN)',
    how: 'most flaws of the kernel’s packet filters need it',
  },
  SYS_BOOT: {
    strength: 'escapeSlight',
    phrase: 'may load another kernel (SYS_BOOT)',
    how: 'kexec starts another kernel on the node',
  },
  SYSLOG: {
    strength: 'escapeSlight',
    phrase: 'reads addresses of the kernel (SYSLOG)',
    how: 'exploits of the kernel need its addresses',
  },
};
