import type { RuntimeEvent } from '@breakwater/model';
import type { EventSource } from '../event-source.ts';
import { cleanName, cleanText, fieldsOf, integerOf, type JsonFields, timeOf } from '../json-fields.ts';
import { type CallFacts, callFacts, endpoint } from './arguments.ts';
import { containerOf, podOf, processOf } from './process.ts';

type Translate = (event: JsonFields) => CallFacts & Pick<RuntimeEvent, 'exitCode' | 'lost' | 'alert'>;

const ENFORCED = new Set(['KPROBE_ACTION_SIGKILL', 'KPROBE_ACTION_OVERRIDE', 'KPROBE_ACTION_NOTIFYENFORCER']);

/** One entry for each kind of event, by the key under which Tetragon's export holds it. */
const KINDS: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  ['process_exec', () => ({ type: 'exec' })],
  ['process_exit', exited],
  ['process_kprobe', (event) => hooked(event, cleanName(event['function_name']))],
  ['process_lsm', (event) => hooked(event, cleanName(event['function_name']))],
  ['process_tracepoint', (event) => hooked(event, cleanName(event['event']))],
  ['process_uprobe', probed],
  ['process_loader', probed],
  ['process_connect', (event) => connected('connect', event)],
  ['process_close', (event) => connected('close', event)],
  ['process_accept', (event) => connected('accept', event)],
  ['process_listen', listening],
  ['process_throttle', () => ({ type: 'loss' })],
  ['rate_limit_info', lost],
]);

/** Cilium Tetragon: JSON lines of its export file, of `tetra getevents` and of the recorded older releases. */
export const tetragon: EventSource = {
  name: 'tetragon',
  recognises: (json) => kindOf(json) !== undefined,
  parse(json) {
    const kind = kindOf(json);
    const time = timeOf(json['time']);
    const event = kind && fieldsOf(json[kind]);
    const translate = kind && KINDS.get(kind);
    if (!event || !translate || !time) return [];
    const process = fieldsOf(event['process']);
    const found: RuntimeEvent = { source: 'tetragon', time, ...translate(event) };
    const node = cleanName(json['node_name']);
    if (node) found.node = node;
    const actor = processOf(process);
    if (actor) found.process = actor;
    else if (found.type !== 'loss') return [];
    const parent = processOf(fieldsOf(event['parent']));
    if (parent) found.parent = parent;
    const pod = podOf(process, cleanName(json['cluster_name']));
    if (pod) found.pod = pod;
    const container = containerOf(process);
    if (container) found.container = container;
    return [found];
  },
};

function kindOf(json: JsonFields): string | undefined {
  for (const key in json) if (KINDS.has(key)) return key;
  return undefined;
}

function exited(event: JsonFields): ReturnType<Translate> {
  const signal = cleanName(event['signal']);
  const exitCode = signal ? undefined : (integerOf(event['status']) ?? 0);
  return { type: 'exit', ...(signal && { call: signal }), ...(exitCode !== undefined && { exitCode }) };
}

function hooked(event: JsonFields, name: string | undefined): ReturnType<Translate> {
  const facts = callFacts(name ?? 'unnamed', event, cleanText(fieldsOf(event['process'])?.['cwd']));
  const action = cleanName(event['action']) ?? '';
  if (!ENFORCED.has(action)) return facts;
  const rule = cleanName(event['policy_name']) ?? 'unnamed policy';
  const message = cleanText(event['message']) ?? `TracingPolicy ${rule} stopped ${facts.call}`;
  return { ...facts, alert: { rule, priority: 'Critical', message, tags: [] } };
}

/** A probe inside a program or library, and a library as it is mapped: either way its code is in memory. */
function probed(event: JsonFields): ReturnType<Translate> {
  const path = cleanText(event['path']);
  const call = cleanName(event['symbol']);
  if (!path?.startsWith('/')) return { type: 'syscall', call: call ?? 'unnamed' };
  return { type: 'open', file: { path, access: 'read' }, ...(call && { call }) };
}

function connected(type: 'connect' | 'close' | 'accept', event: JsonFields): ReturnType<Translate> {
  const peer = endpoint(event['destination_ip'], event['destination_port']);
  const local = endpoint(event['source_ip'], event['source_port']);
  const protocol = cleanName(event['protocol']) ?? 'TCP';
  return { type, ...(peer && { peer: { ...peer, protocol } }), ...(local && { local }) };
}

function listening(event: JsonFields): ReturnType<Translate> {
  const local = endpoint(event['ip'], event['port']);
  return { type: 'listen', ...(local && { local }) };
}

function lost(event: JsonFields): ReturnType<Translate> {
  const count = integerOf(event['number_of_dropped_process_events']);
  return { type: 'loss', ...(count !== undefined && count >= 0 && { lost: count }) };
}
