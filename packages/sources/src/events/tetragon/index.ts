import type { RuntimeEvent } from '@breakwater/model';
import type { EventSource } from '../event-source.ts';
import { cleanName, cleanText, fieldsOf, integerOf, type JsonFields, timeOf } from '../json-fields.ts';
import { endpoint, readCall } from './arguments.ts';
import { linesOf } from './lines.ts';
import { parentOf, processOf, whereaboutsOf } from './process.ts';

/** Writes what is particular to a kind of event. */
type Translate = (event: JsonFields, found: RuntimeEvent) => void;

const ENFORCED = new Set(['KPROBE_ACTION_SIGKILL', 'KPROBE_ACTION_OVERRIDE', 'KPROBE_ACTION_NOTIFYENFORCER']);

/** One entry for each kind of event, by the key under which Tetragon's export holds it. */
const KINDS: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  ['process_exec', () => undefined],
  ['process_exit', exited],
  ['process_kprobe', (event, found) => hooked(event, cleanName(event['function_name']), found)],
  ['process_lsm', (event, found) => hooked(event, cleanName(event['function_name']), found)],
  ['process_tracepoint', (event, found) => hooked(event, cleanName(event['event']), found)],
  ['process_uprobe', probed],
  ['process_loader', probed],
  ['process_connect', (event, found) => connected('connect', event, found)],
  ['process_close', (event, found) => connected('close', event, found)],
  ['process_accept', (event, found) => connected('accept', event, found)],
  ['process_listen', listening],
  ['process_throttle', throttled],
  ['rate_limit_info', lost],
]);

/** Cilium Tetragon: JSON lines of its export file, of `tetra getevents` and of the recorded older releases. */
export const tetragon: EventSource = {
  name: 'tetragon',
  recognises: (json) => kindOf(json) !== undefined,
  lines: linesOf(KINDS.keys()),
  parse(json) {
    const kind = kindOf(json);
    const time = timeOf(json['time']);
    const event = kind && fieldsOf(json[kind]);
    const translate = kind && KINDS.get(kind);
    if (!event || !translate || !time) return [];
    const process = fieldsOf(event['process']);
    const found: RuntimeEvent = { source: 'tetragon', time, type: 'exec' };
    translate(event, found);
    const node = cleanName(json['node_name']);
    if (node) found.node = node;
    const actor = processOf(process);
    if (actor) found.process = actor;
    else if (found.type !== 'loss') return [];
    const parent = parentOf(fieldsOf(event['parent']));
    if (parent) found.parent = parent;
    const { pod, container } = whereaboutsOf(process, cleanName(json['cluster_name']));
    if (pod) found.pod = pod;
    if (container) found.container = container;
    return [found];
  },
};

function kindOf(json: JsonFields): string | undefined {
  for (const key in json) if (KINDS.has(key)) return key;
  return undefined;
}

function exited(event: JsonFields, found: RuntimeEvent): void {
  found.type = 'exit';
  const signal = cleanName(event['signal']);
  if (signal) found.call = signal;
  else found.exitCode = integerOf(event['status']) ?? 0;
}

function hooked(event: JsonFields, name: string | undefined, found: RuntimeEvent): void {
  readCall(name ?? 'unnamed', event, found);
  const action = cleanName(event['action']);
  if (action === undefined || !ENFORCED.has(action)) return;
  const rule = cleanName(event['policy_name']) ?? 'unnamed policy';
  const message = cleanText(event['message']) ?? `TracingPolicy ${rule} stopped ${found.call}`;
  found.alert = { rule, priority: 'Critical', message, tags: [] };
}

/** A probe inside a program or library, and a library as it is mapped: either way its code is in memory. */
function probed(event: JsonFields, found: RuntimeEvent): void {
  const path = cleanText(event['path']);
  const call = cleanName(event['symbol']);
  const isFile = path?.startsWith('/') === true;
  found.type = isFile ? 'open' : 'syscall';
  if (isFile) found.file = { path, access: 'read' };
  if (call) found.call = call;
  else if (!isFile) found.call = 'unnamed';
}

function connected(type: 'connect' | 'close' | 'accept', event: JsonFields, found: RuntimeEvent): void {
  found.type = type;
  const peer = endpoint(event['destination_ip'], event['destination_port']);
  const local = endpoint(event['source_ip'], event['source_port']);
  const protocol = cleanName(event['protocol']) ?? 'TCP';
  if (peer) found.peer = { ...peer, protocol };
  if (local) found.local = local;
}

function listening(event: JsonFields, found: RuntimeEvent): void {
  found.type = 'listen';
  const local = endpoint(event['ip'], event['port']);
  if (local) found.local = local;
}

function throttled(_: JsonFields, found: RuntimeEvent): void {
  found.type = 'loss';
}

function lost(event: JsonFields, found: RuntimeEvent): void {
  found.type = 'loss';
  const count = integerOf(event['number_of_dropped_process_events']);
  if (count !== undefined && count >= 0) found.lost = count;
}
