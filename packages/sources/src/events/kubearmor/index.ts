import type { RuntimeEvent } from '@breakwater/model';
import type { EventSource } from '../event-source.ts';
import { imageDigestOf } from '../image-name.ts';
import {
  cleanLabels,
  cleanName,
  cleanText,
  fieldsOf,
  integerOf,
  isoOf,
  type JsonFields,
  listOf,
  portOf,
  timeOf,
} from '../json-fields.ts';
import { kernelCall } from '../kernel-call.ts';

/** What an operation says, beside who did it. */
type Deed = Pick<RuntimeEvent, 'type'> & Partial<RuntimeEvent>;

const OPERATIONS: ReadonlyMap<string, (json: JsonFields) => Deed> = new Map<string, (json: JsonFields) => Deed>([
  ['Process', () => ({ type: 'exec' })],
  ['File', fileDeed],
  ['Network', networkDeed],
  ['NetworkFirewall', firewallDeed],
  ['Syscall', callDeed],
  ['Capabilities', (json) => ({ type: 'privilege', call: cleanName(json['Resource']) ?? 'capability' })],
]);
const MOST_TAGS = 64;

/** KubeArmor: alerts and logs as its relay, `karmor logs --json` and its file write them, one JSON object each. */
export const kubearmor: EventSource = {
  name: 'kubearmor',
  recognises: (json) =>
    typeof json['Operation'] === 'string' && typeof json['Type'] === 'string' && 'HostName' in json && 'Result' in json,
  parse(json) {
    const time = timeOf(json['UpdatedTime']) ?? isoOf((integerOf(json['Timestamp']) ?? -1) * 1000);
    const operation = OPERATIONS.get(cleanName(json['Operation']) ?? '');
    if (time === undefined || operation === undefined) return [];
    const deed = operation(json);
    const found: RuntimeEvent = { source: 'kubearmor', time, ...deed, ...outcomeOf(json) };
    const process = processOf(json, deed.type);
    const parent = cleanText(json['ParentProcessName']);
    const [node, pod, container, alert] = [cleanName(json['HostName']), podOf(json), containerOf(json), alertOf(json)];
    if (process !== undefined) found.process = process;
    if (parent !== undefined) found.parent = { path: parent, arguments: '' };
    if (node !== undefined) found.node = node;
    if (pod !== undefined) found.pod = pod;
    if (container !== undefined) found.container = container;
    if (alert !== undefined) found.alert = alert;
    return [found];
  },
};

/** A started program stands in `Resource` with its arguments; otherwise `Source` holds who acts. */
function processOf(json: JsonFields, type: RuntimeEvent['type']): RuntimeEvent['process'] {
  const [first, rest] = commandOf(cleanText(json[type === 'exec' ? 'Resource' : 'Source']) ?? '');
  const path = cleanText(json['ProcessName']) ?? first;
  if (path === '') return undefined;
  const [pid, uid, workingDirectory] = [integerOf(json['HostPID']), integerOf(json['UID']), cleanText(json['Cwd'])];
  return {
    path,
    arguments: rest,
    ...(pid !== undefined && { pid }),
    ...(uid !== undefined && { uid }),
    ...(workingDirectory !== undefined && { workingDirectory }),
  };
}

function commandOf(line: string): [program: string, rest: string] {
  const space = line.indexOf(' ');
  return space === -1 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}

function fileDeed(json: JsonFields): Deed {
  const path = cleanText(json['Resource']);
  const { call = '', flags = '' } = dataOf(json);
  if (/UNLINK|RMDIR/.test(call)) return callDeed(json);
  const access = /O_CREAT/.test(flags) ? 'create' : /O_WRONLY|O_RDWR/.test(flags) ? 'write' : 'read';
  return { type: 'open', ...(path && { file: { path, access } }) };
}

function callDeed(json: JsonFields): Deed {
  const call = dataOf(json).call?.toLowerCase() ?? 'unnamed';
  const { type, access } = kernelCall(call);
  const path = cleanText(json['Resource']);
  return { type: type === 'open' ? 'change' : type, call, ...(path && { file: { path, ...(access && { access }) } }) };
}

/** `sa_family=AF_INET sin_port=53 sin_addr=10.0.0.10`; making a socket is a call and no connection yet. */
function networkDeed(json: JsonFields): Deed {
  const { call = 'unnamed' } = dataOf(json);
  const pairs = pairsOf(cleanText(json['Resource']));
  const [address, port] = [
    pairs.get('sin_addr') ?? pairs.get('sin6_addr'),
    portOf(pairs.get('sin_port') ?? pairs.get('sin6_port')),
  ];
  if (call !== 'CONNECT' || address === undefined || port === undefined)
    return { type: 'syscall', call: call.toLowerCase() };
  return { type: 'connect', peer: { address, port, protocol: 'TCP' } };
}

function firewallDeed(json: JsonFields): Deed {
  const pairs = pairsOf(cleanText(json['Data']));
  const source = endOf(pairs.get('SourceIP'), pairs.get('SourcePort'));
  const destination = endOf(pairs.get('DestinationIP'), pairs.get('DestinationPort'));
  const isIn = json['Resource'] === 'INGRESS';
  const [peer, local] = isIn ? [source, destination] : [destination, source];
  const protocol = cleanName(pairs.get('Protocol')) ?? 'TCP';
  return { type: isIn ? 'accept' : 'connect', ...(peer && { peer: { ...peer, protocol } }), ...(local && { local }) };
}

function endOf(address: string | undefined, port: unknown): { address: string; port: number } | undefined {
  const number = portOf(port);
  return address === undefined || number === undefined ? undefined : { address, port: number };
}

/** `syscall=SYS_OPENAT fd=-100 flags=O_RDONLY`, or `lsm=FILE_OPEN`. */
function dataOf(json: JsonFields): { call?: string; flags?: string } {
  const pairs = pairsOf(cleanText(json['Data']));
  const call = pairs.get('syscall')?.replace(/^SYS_/, '') ?? pairs.get('lsm');
  const flags = pairs.get('flags');
  return { ...(call !== undefined && { call }), ...(flags !== undefined && { flags }) };
}

const pairsOf = (text = ''): Map<string, string> =>
  new Map(
    text.split(' ').flatMap((word): [string, string][] => {
      const equals = word.indexOf('=');
      return equals > 0 ? [[word.slice(0, equals), word.slice(equals + 1)]] : [];
    }),
  );

const FAILURES: Readonly<Record<string, string>> = {
  'Permission denied': 'EACCES',
  'Operation not permitted': 'EPERM',
};

/** What was refused did not happen: it proves nothing about what a program does. */
function outcomeOf(json: JsonFields): Pick<RuntimeEvent, 'failure' | 'prevention'> {
  const result = cleanName(json['Result']);
  if (result === undefined || result === 'Passed') return {};
  const failure = Object.hasOwn(FAILURES, result) ? (FAILURES[result] as string) : result;
  return { failure, ...(json['Action'] === 'Block' && { prevention: 'stopped' as const }) };
}

function podOf(json: JsonFields): RuntimeEvent['pod'] {
  const [namespace, name] = [cleanName(json['NamespaceName']), cleanName(json['PodName'])];
  if (namespace === undefined || name === undefined) return undefined;
  const owner = fieldsOf(json['Owner']);
  const [cluster, workload, workloadKind] = [
    cleanName(json['ClusterName']),
    cleanName(owner?.['Name']),
    cleanName(owner?.['Ref']),
  ];
  return {
    namespace,
    name,
    labels: cleanLabels((cleanText(json['Labels']) ?? '').split(',').filter(Boolean)),
    ...(cluster !== undefined && { cluster }),
    ...(workload !== undefined && workloadKind !== undefined && { workload, workloadKind }),
  };
}

function containerOf(json: JsonFields): RuntimeEvent['container'] {
  const [id, name, image] = [
    cleanName(json['ContainerID']),
    cleanName(json['ContainerName']),
    cleanName(json['ContainerImage']),
  ];
  if (id === undefined && name === undefined) return undefined;
  const imageDigest = imageDigestOf(image);
  return { ...(id && { id }), ...(name && { name }), ...(image && { image }), ...(imageDigest && { imageDigest }) };
}

/** Alerts are of a policy; logs tell what happened. */
function alertOf(json: JsonFields): RuntimeEvent['alert'] {
  const rule = cleanName(json['PolicyName']);
  if (rule === undefined || !/^Matched/.test(cleanName(json['Type']) ?? '')) return undefined;
  const what = `${cleanName(json['Action']) ?? 'Audit'} ${cleanName(json['Operation'])} ${cleanText(json['Resource']) ?? ''}`;
  const listed = listOf(json['ATags']).length > 0 ? listOf(json['ATags']) : (cleanText(json['Tags']) ?? '').split(',');
  const tags = listed.slice(0, MOST_TAGS).flatMap((tag) => cleanName(tag) ?? []);
  return { rule, priority: priorityOf(json['Severity']), message: cleanText(json['Message']) ?? what.trimEnd(), tags };
}

/** 1 to 10, the worst last; in the words that alerts of others use. */
function priorityOf(severity: unknown): string {
  const number = integerOf(severity) ?? 0;
  if (number >= 9) return 'Critical';
  if (number >= 7) return 'Error';
  return number >= 4 ? 'Warning' : 'Notice';
}
