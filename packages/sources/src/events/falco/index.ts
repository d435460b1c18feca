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

type EventProcess = NonNullable<RuntimeEvent['process']>;

const DROP_RULE = 'Falco internal: syscall event drop';
/** `10.0.0.1:46440->10.96.0.1:443`, IPv6 without brackets as Falco writes it. */
const CONNECTION = /^(\S{2,45}):(\d{1,5})->(\S{2,45}):(\d{1,5})$/;
const MOST_TAGS = 64;

/** Falco: one JSON object an alert, as its file, program and HTTP outputs and falcosidekick write it. */
export const falco: EventSource = {
  name: 'falco',
  recognises: (json) =>
    typeof json['rule'] === 'string' &&
    typeof json['priority'] === 'string' &&
    ('output_fields' in json || 'output' in json),
  parse(json) {
    const fields = presentFields(json['output_fields']);
    const time = timeOf(json['time']) ?? isoOf((integerLike(fields['evt.time']) ?? Number.NaN) / 1e6);
    const rule = cleanText(json['rule']);
    if (!time || !rule) return [];
    const node = cleanName(json['hostname']);
    if (rule === DROP_RULE) return [lossOf(time, node, fields)];
    const found: RuntimeEvent = { source: 'falco', time, type: 'alert', alert: alertOf(json, rule) };
    if (node) found.node = node;
    const call = cleanName(fields['evt.type']);
    if (call) found.call = call;
    return [Object.assign(found, subjectOf(fields), objectOf(fields))];
  },
};

/** Falco writes `<NA>` or null where it does not know. */
function presentFields(outputFields: unknown): JsonFields {
  const entries = Object.entries(fieldsOf(outputFields) ?? {});
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== '<NA>'));
}

function alertOf(json: JsonFields, rule: string): NonNullable<RuntimeEvent['alert']> {
  const tags = listOf(json['tags']).slice(0, MOST_TAGS).map(cleanName);
  return {
    rule,
    priority: cleanName(json['priority']) ?? 'Notice',
    message: cleanText(json['output']) ?? rule,
    tags: tags.filter((tag) => tag !== undefined),
  };
}

function lossOf(time: string, node: string | undefined, fields: JsonFields): RuntimeEvent {
  const lost = integerOf(fields['n_drops']);
  return {
    source: 'falco',
    time,
    type: 'loss',
    ...(node && { node }),
    ...(lost !== undefined && lost >= 0 && { lost }),
  };
}

/** Who did it: process, parent, container, pod. */
function subjectOf(fields: JsonFields): Pick<RuntimeEvent, 'process' | 'parent' | 'container' | 'pod'> {
  const process = processOf(fields, 'proc.exepath', 'proc.name', 'proc.cmdline', 'proc.pid');
  const parent = processOf(fields, 'proc.pexepath', 'proc.pname', 'proc.pcmdline', 'proc.ppid');
  const uid = integerOf(fields['user.uid']);
  const workingDirectory = cleanText(fields['proc.cwd']);
  if (process && uid !== undefined) process.uid = uid;
  if (process && workingDirectory) process.workingDirectory = workingDirectory;
  const container = containerOf(fields);
  const pod = podOf(fields);
  return {
    ...(process && { process }),
    ...(parent && { parent }),
    ...(container && { container }),
    ...(pod && { pod }),
  };
}

function processOf(
  fields: JsonFields,
  executable: string,
  name: string,
  commandLine: string,
  id: string,
): EventProcess | undefined {
  const line = cleanText(fields[commandLine]) ?? '';
  const path = cleanText(fields[executable]) ?? cleanText(fields[name]) ?? (line.split(' ', 1)[0] || undefined);
  if (!path) return undefined;
  const pid = integerOf(fields[id]);
  const space = line.indexOf(' ');
  return { path, arguments: space < 0 ? '' : line.slice(space + 1), ...(pid !== undefined && { pid }) };
}

function containerOf(fields: JsonFields): RuntimeEvent['container'] {
  const id = cleanName(fields['container.id']);
  if (!id || id === 'host') return undefined;
  const name = cleanName(fields['container.name']);
  const repository = cleanName(fields['container.image.repository']);
  const tag = cleanName(fields['container.image.tag']);
  const image = repository ? `${repository}${tag ? `:${tag}` : ''}` : cleanName(fields['container.image']);
  const imageDigest = imageDigestOf(cleanName(fields['container.image.digest']));
  return { id, ...(name && { name }), ...(image && { image }), ...(imageDigest && { imageDigest }) };
}

function podOf(fields: JsonFields): RuntimeEvent['pod'] {
  const namespace = cleanName(fields['k8s.ns.name'] ?? fields['k8smeta.ns.name']);
  const name = cleanName(fields['k8s.pod.name'] ?? fields['k8smeta.pod.name']);
  if (!namespace || !name) return undefined;
  const deployment = cleanName(fields['k8s.deployment.name'] ?? fields['k8smeta.deployment.name']);
  const labels = cleanLabels(fields['k8smeta.pod.labels']);
  return { namespace, name, labels, ...(deployment && { workloadKind: 'Deployment', workload: deployment }) };
}

/** What it was done to: a file or a connection, told apart by the spelling of `fd.name`. */
function objectOf(fields: JsonFields): Pick<RuntimeEvent, 'file' | 'peer' | 'local'> {
  const name = cleanText(fields['fd.name']);
  if (!name) return {};
  if (name.startsWith('/')) return { file: { path: name } };
  const connection = name.length <= 120 ? CONNECTION.exec(name) : null;
  const [from, to] = [portOf(connection?.[2]), portOf(connection?.[4])];
  if (!connection || from === undefined || to === undefined) return {};
  const protocol = (cleanName(fields['fd.l4proto']) ?? 'tcp').toUpperCase();
  return {
    local: { address: connection[1] ?? '', port: from },
    peer: { address: connection[3] ?? '', port: to, protocol },
  };
}

/** `evt.time` counts nanoseconds and is beyond what a double holds exactly; milliseconds survive. */
function integerLike(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,20}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
