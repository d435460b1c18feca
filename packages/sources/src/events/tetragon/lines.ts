import type { LineReading } from '../shapes/index.ts';

/** Fields of Tetragon's lines that are looked at, beside the kinds of its events. */
const FIELDS = [
  ...['process', 'parent', 'time', 'node_name', 'cluster_name'],
  ...['function_name', 'event', 'action', 'policy_name', 'message', 'args', 'return', 'path', 'symbol'],
  ...['signal', 'status', 'number_of_dropped_process_events'],
  ...['destination_ip', 'destination_port', 'source_ip', 'source_port', 'protocol', 'ip', 'port'],
  ...['file_arg', 'path_arg', 'linux_binprm_arg', 'dentry_arg', 'string_arg', 'int_arg', 'sock_arg', 'sockaddr_arg'],
  ...['daddr', 'dport', 'saddr', 'sport', 'addr'],
  ...['binary', 'arguments', 'pid', 'uid', 'cwd', 'start_time', 'exec_id', 'docker', 'pod'],
];
const PARENT = ['binary', 'arguments', 'pid', 'uid', 'cwd', 'start_time', 'exec_id'];
const POD = ['namespace', 'name', 'workload', 'workload_kind', 'container', 'id', 'image'];

/** What is looked at in lines that hold an event under one of these names. */
export function linesOf(kinds: Iterable<string>): LineReading {
  return {
    reads: new Set([...kinds, ...FIELDS]),
    parts: new Map([
      ['parent', { reads: new Set(PARENT) }],
      ['pod', { reads: new Set(POD), wholes: new Set(['labels', 'pod_labels']) }],
    ]),
  };
}
