/** For calls that are looked at; and the one that is loaded instead where it is told of every call that it is made. */
export const CALL_PROGRAM = 'on_sys_exit';
export const EVERY_CALL_PROGRAM = 'on_every_call';

/**
 * Programs on tracepoints, in the order in which they begin: who is a container's runtime has to be known before anything
 * is judged (bpf/preparing.h).
 */
const TRACING_PROGRAMS: readonly string[] = [
  'on_attach_task',
  'on_prepared_fork',
  'on_exec',
  'on_exit',
  'on_fork',
  CALL_PROGRAM,
  'on_cgroup',
  'on_cgroup_gone',
];

export const tracingPrograms = (tellsCalls: boolean): readonly string[] =>
  TRACING_PROGRAMS.map((name) => (tellsCalls && name === CALL_PROGRAM ? EVERY_CALL_PROGRAM : name));

/** Is attached where containers are. */
export const PACKET_PROGRAM = 'on_packet';
/** Are attached to the root of the cgroups. */
export const CONNECTION_GUARDS: readonly string[] = [
  'on_connect4',
  'on_send4',
  'on_connect6',
  'on_send6',
  'on_socket_create',
];

/** What every kernel that is supported takes. */
export const BASIC_PROGRAMS: readonly string[] = [...TRACING_PROGRAMS, PACKET_PROGRAM, ...CONNECTION_GUARDS];
