/** Bits of `clone`, `unshare` and `setns` that ask for a namespace, by the word that behaviours have for it (linux/sched.h). */
export const NAMESPACE_BITS: Readonly<Record<string, number>> = {
  time: 0x80,
  mount: 0x2_0000,
  cgroup: 0x200_0000,
  uts: 0x400_0000,
  ipc: 0x800_0000,
  user: 0x1000_0000,
  pid: 0x2000_0000,
  network: 0x4000_0000,
};

/** In `clone` the lowest byte is the signal at the child's end: a time namespace cannot be asked for there. */
export const CLONE_SIGNAL = 0xff;

export const MOUNT_CALLS = [
  'mount',
  'umount',
  'umount2',
  'pivot_root',
  'open_tree',
  'move_mount',
  'fsopen',
  'fsconfig',
  'fsmount',
  'fspick',
  'mount_setattr',
] as const;

export const TRACING_CALLS = ['ptrace', 'process_vm_readv', 'process_vm_writev', 'pidfd_getfd', 'kcmp'] as const;

export const KERNEL_CALLS = [
  'init_module',
  'finit_module',
  'delete_module',
  'create_module',
  'kexec_load',
  'kexec_file_load',
  'bpf',
  'perf_event_open',
  'iopl',
  'ioperm',
  'userfaultfd',
] as const;

/**
 * What no container is for, and what the default profiles of Docker and containers/common refuse as well: whoever starts a
 * container with our profile instead of theirs is to lose nothing.
 */
export const ALWAYS_REFUSED = [
  'acct',
  'add_key',
  'clock_adjtime',
  'clock_adjtime64',
  'clock_settime',
  'clock_settime64',
  'get_kernel_syms',
  'get_mempolicy',
  'io_uring_enter',
  'io_uring_register',
  'io_uring_setup',
  'keyctl',
  'lookup_dcookie',
  'mbind',
  'move_pages',
  'nfsservctl',
  'open_by_handle_at',
  'query_module',
  'quotactl',
  'quotactl_fd',
  'reboot',
  'request_key',
  'set_mempolicy',
  'setdomainname',
  'sethostname',
  'settimeofday',
  'stime',
  'swapoff',
  'swapon',
  '_sysctl',
  'sysfs',
  'syslog',
  'uselib',
  'ustat',
  'vhangup',
  'vm86',
  'vm86old',
] as const;

/** Calls by which a process becomes another user, with the arguments that are users; of 32 bits each has a second name. */
export const USER_CALLS: Readonly<Record<string, readonly number[]>> = {
  setuid: [0],
  setuid32: [0],
  setreuid: [0, 1],
  setreuid32: [0, 1],
  setresuid: [0, 1, 2],
  setresuid32: [0, 1, 2],
  setfsuid: [0],
  setfsuid32: [0],
};

/** Families of sockets that no guard of connections sees: packets, other machines on the host, the kernel's ciphers. */
export const UNSEEN_FAMILIES: Readonly<Record<string, number>> = {
  AF_PACKET: 17,
  AF_ALG: 38,
  AF_VSOCK: 40,
  AF_XDP: 44,
};
/** Raw sockets of these only: libraries ask the kernel about its own network through raw sockets of another. */
export const INTERNET_FAMILIES: Readonly<Record<string, number>> = { AF_INET: 2, AF_INET6: 10 };
export const SOCKET_TYPE = 0xf;
export const SOCK_RAW = 3;

/** What `personality` may not switch on: layouts without chance, the page at 0, readable means executable. */
export const UNSAFE_PERSONALITIES = [0x4_0000, 0x10_0000, 0x20_0000, 0x40_0000] as const;
