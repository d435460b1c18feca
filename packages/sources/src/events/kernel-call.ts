import type { RuntimeEvent } from '@breakwater/model';

/** What a kernel function, hook or system call means that an event is about. */
export interface KernelCall {
  type: RuntimeEvent['type'];
  access?: 'read' | 'write' | 'create' | 'execute' | 'delete';
}

const READ: KernelCall = { type: 'open', access: 'read' };
const WRITE: KernelCall = { type: 'open', access: 'write' };
const CREATE: KernelCall = { type: 'open', access: 'create' };
const DELETE: KernelCall = { type: 'open', access: 'delete' };
const EXECUTE: KernelCall = { type: 'open', access: 'execute' };
const OPEN: KernelCall = { type: 'open' };
const CONNECT: KernelCall = { type: 'connect' };
const LISTEN: KernelCall = { type: 'listen' };
const PRIVILEGE: KernelCall = { type: 'privilege' };
const NAMESPACE: KernelCall = { type: 'namespace' };
const MOUNT: KernelCall = { type: 'mount' };
const MODULE: KernelCall = { type: 'module' };
const SIGNAL: KernelCall = { type: 'signal' };
const CALL: KernelCall = { type: 'syscall' };

/** By name without the prefix of the hook (`__x64_sys_`, `security_`, `sys_enter_`). */
const CALLS: ReadonlyMap<string, KernelCall> = new Map([
  ...named(
    CONNECT,
    'tcp_connect',
    'connect',
    'socket_connect',
    'tcp_v4_connect',
    'tcp_v6_connect',
    'ip4_datagram_connect',
  ),
  ...named({ type: 'close' }, 'tcp_close', 'inet_release'),
  ...named(LISTEN, 'inet_csk_listen_start', 'inet_listen', 'listen', 'socket_listen'),
  ...named({ type: 'accept' }, 'inet_csk_accept', 'accept', 'accept4', 'socket_accept'),
  ...named(
    OPEN,
    'fd_install',
    'file_permission',
    'file_open',
    'vfs_open',
    'open',
    'openat',
    'openat2',
    'do_sys_openat2',
  ),
  ...named(READ, 'mmap_file', 'read', 'pread64', 'vfs_read', 'kernel_read_file'),
  ...named(WRITE, 'write', 'pwrite64', 'vfs_write', 'path_truncate', 'truncate', 'file_truncate'),
  ...named(CREATE, 'creat', 'path_mknod', 'inode_create', 'path_link', 'path_symlink', 'path_mkdir'),
  ...named(
    DELETE,
    'unlink',
    'unlinkat',
    'path_unlink',
    'inode_unlink',
    'vfs_unlink',
    'path_rmdir',
    'rmdir',
    'inode_rmdir',
  ),
  ...named(EXECUTE, 'bprm_check', 'bprm_check_security', 'bprm_creds_from_file', 'bprm_creds_for_exec'),
  ...named(PRIVILEGE, 'commit_creds', 'capable', 'cap_capable', 'capset', 'setuid', 'setgid', 'setreuid', 'setresuid'),
  ...named(PRIVILEGE, 'setresgid', 'setregid', 'setfsuid', 'setfsgid', 'task_fix_setuid', 'task_fix_setgid'),
  ...named(NAMESPACE, 'setns', 'unshare', 'create_new_namespaces', 'switch_task_namespaces'),
  ...named(MOUNT, 'mount', 'sb_mount', 'path_mount', 'move_mount', 'pivot_root', 'sb_pivotroot', 'fsmount'),
  ...named(
    MODULE,
    'do_init_module',
    'init_module',
    'finit_module',
    'delete_module',
    'free_module',
    'kernel_module_request',
  ),
  ...named(SIGNAL, 'kill', 'tkill', 'tgkill', 'task_kill'),
]);

/** Meanings of names as they were told: there are few, and sources tell them again and again. */
const MEANINGS = new Map<string, KernelCall>();
const MOST_MEANINGS = 1_024;
const PREFIX = /^(?:__x64_sys_|__arm64_sys_|__ia32_sys_|__se_sys_|__sys_|sys_enter_|sys_exit_|sys_|security_)/;

/** Meaning of a function, LSM hook or tracepoint name; an unlisted one is a plain `syscall`. */
export function kernelCall(name: string): KernelCall {
  const known = MEANINGS.get(name);
  if (known !== undefined) return known;
  const call = CALLS.get(name) ?? CALLS.get(name.replace(PREFIX, '')) ?? CALL;
  if (MEANINGS.size >= MOST_MEANINGS) MEANINGS.clear();
  MEANINGS.set(name, call);
  return call;
}

function named(call: KernelCall, ...names: string[]): [string, KernelCall][] {
  return names.map((name) => [name, call]);
}
