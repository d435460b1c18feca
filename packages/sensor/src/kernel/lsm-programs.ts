import type { GuardName } from '@breakwater/model';

/** A program for a hook of BPF-LSM (bpf/lsm.h), and the guards that need it. */
export interface LsmProgram {
  program: string;
  /** Kernels have it as `bpf_lsm_<hook>`, where they have it. */
  hook: string;
  guards: readonly GuardName[];
}

export const LSM_PROGRAMS: readonly LsmProgram[] = [
  { program: 'on_bprm_check', hook: 'bprm_check_security', guards: ['programs'] },
  { program: 'on_bprm_creds', hook: 'bprm_creds_from_file', guards: ['programs', 'starts', 'gains'] },
  { program: 'on_fix_setuid', hook: 'task_fix_setuid', guards: ['gains'] },
  { program: 'on_capable', hook: 'capable', guards: ['namespaces', 'mounts', 'kernel'] },
  { program: 'on_userns_create', hook: 'userns_create', guards: ['namespaces'] },
  { program: 'on_ptrace_access', hook: 'ptrace_access_check', guards: ['tracing'] },
  { program: 'on_bpf', hook: 'bpf', guards: ['kernel'] },
  { program: 'on_kernel_read_file', hook: 'kernel_read_file', guards: ['kernel'] },
  { program: 'on_kernel_load_data', hook: 'kernel_load_data', guards: ['kernel'] },
  { program: 'on_module_request', hook: 'kernel_module_request', guards: ['kernel'] },
  { program: 'on_file_open', hook: 'file_open', guards: ['credentials'] },
  { program: 'on_inode_rename', hook: 'inode_rename', guards: ['credentials'] },
  { program: 'on_inode_link', hook: 'inode_link', guards: ['credentials'] },
  { program: 'on_any_socket_create', hook: 'socket_create', guards: [] },
  { program: 'on_unix_connect', hook: 'unix_stream_connect', guards: ['sockets'] },
];

/** Guards that these hooks hold: those of which none is missing. */
export function guardsHeldBy(hooks: ReadonlySet<string>): Set<GuardName> {
  const lacking = new Set(LSM_PROGRAMS.flatMap(({ hook, guards }) => (hooks.has(hook) ? [] : guards)));
  return new Set(LSM_PROGRAMS.flatMap(({ guards }) => guards).filter((guard) => !lacking.has(guard)));
}
