import type { RuntimeEvent } from '@breakwater/model';
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
  timeOf,
} from '../json-fields.ts';
import type { TraceeReading } from './reading.ts';

/** Names under which a value's list or text stands, by its type. */
const LISTS = /_array$/;

/** The form of v1beta1: `workload` and `threat` are nested, and `data` holds each value under the name of its type. */
export function readNew(json: JsonFields): TraceeReading | undefined {
  const time = timeIn(json['timestamp']);
  const name = cleanName(json['name']);
  if (time === undefined || name === undefined) return undefined;
  const workload = fieldsOf(json['workload']);
  const process = fieldsOf(workload?.['process']);
  const [parent] = listOf(process?.['ancestors']).map(fieldsOf);
  const [node, pod, container, alert] = [
    cleanName(json['node_name']) ?? cleanName(json['host_name']),
    podOf(fieldsOf(workload?.['k8s'])),
    containerOf(fieldsOf(workload?.['container'])),
    alertOf(fieldsOf(json['threat']), name),
  ];
  const above = parent && processOf(parent);
  return {
    time,
    name,
    arguments: valuesIn(json['data']),
    subject: {
      ...(process !== undefined && { process: processOf(process) }),
      ...(above !== undefined && above.path !== '' && { parent: above }),
      ...(node !== undefined && { node }),
      ...(pod !== undefined && { pod }),
      ...(container !== undefined && { container }),
      ...(alert !== undefined && { alert }),
    },
  };
}

/** `{seconds, nanos}` as protocol buffers write it, or a text. */
function timeIn(value: unknown): string | undefined {
  const parts = fieldsOf(value);
  if (parts === undefined) return timeOf(value);
  const seconds = integerOf(parts['seconds']);
  return seconds === undefined ? undefined : isoOf(seconds * 1000 + Math.floor((integerOf(parts['nanos']) ?? 0) / 1e6));
}

/** `[{name, str}]`, `[{name, str_array: {value}}]`; detectors write an object. */
function valuesIn(data: unknown): Map<string, unknown> {
  const values = new Map<string, unknown>(Object.entries(fieldsOf(data) ?? {}));
  for (const item of listOf(data).map(fieldsOf)) {
    if (typeof item?.['name'] !== 'string') continue;
    const [type, value] = Object.entries(item).find(([key]) => key !== 'name') ?? [];
    values.set(item['name'], type !== undefined && LISTS.test(type) ? listOf(fieldsOf(value)?.['value']) : value);
  }
  return values;
}

/** A number, or a number in a wrapper. */
const numberIn = (value: unknown): number | undefined => integerOf(fieldsOf(value)?.['value'] ?? value);

function processOf(json: JsonFields): NonNullable<RuntimeEvent['process']> {
  const thread = fieldsOf(json['thread']);
  const path = cleanText(fieldsOf(json['executable'])?.['path']) ?? cleanText(thread?.['name']) ?? '';
  const pid = numberIn(json['host_pid']) ?? numberIn(json['pid']);
  const uid = numberIn(fieldsOf(json['real_user'])?.['id']);
  const id = numberIn(json['unique_id']) ?? numberIn(json['entity_id']);
  const startTime = timeIn(thread?.['start_time']);
  return {
    path,
    arguments: '',
    ...(pid !== undefined && { pid }),
    ...(uid !== undefined && { uid }),
    ...(startTime !== undefined && { startTime }),
    ...(id !== undefined && { executionId: String(id) }),
  };
}

function podOf(k8s: JsonFields | undefined): RuntimeEvent['pod'] {
  const pod = fieldsOf(k8s?.['pod']);
  const [namespace, name] = [cleanName(fieldsOf(k8s?.['namespace'])?.['name']), cleanName(pod?.['name'])];
  return namespace === undefined || name === undefined
    ? undefined
    : { namespace, name, labels: cleanLabels(pod?.['labels']) };
}

function containerOf(json: JsonFields | undefined): RuntimeEvent['container'] {
  const id = cleanName(json?.['id']);
  if (id === undefined) return undefined;
  const image = fieldsOf(json?.['image']);
  const [name, reference] = [cleanName(json?.['name']), cleanName(image?.['name'])];
  const imageDigest = imageDigestOf(cleanName(listOf(image?.['repo_digests'])[0]) ?? cleanName(image?.['id']));
  return { id, ...(name && { name }), ...(reference && { image: reference }), ...(imageDigest && { imageDigest }) };
}

const PRIORITIES: ReadonlyMap<string, string> = new Map([
  ['INFO', 'Informational'],
  ['LOW', 'Notice'],
  ['MEDIUM', 'Warning'],
  ['HIGH', 'Error'],
  ['CRITICAL', 'Critical'],
]);

function alertOf(threat: JsonFields | undefined, name: string): RuntimeEvent['alert'] {
  if (threat === undefined) return undefined;
  const mitre = fieldsOf(threat['mitre']);
  const technique = fieldsOf(mitre?.['technique']);
  const rule = cleanName(threat['name']) ?? name;
  const tags = [technique?.['id'], technique?.['name'], fieldsOf(mitre?.['tactic'])?.['name']].flatMap(
    (tag) => cleanName(tag) ?? [],
  );
  const priority = PRIORITIES.get(cleanName(threat['severity']) ?? '') ?? 'Warning';
  return { rule, priority, message: cleanText(threat['description']) ?? rule, tags };
}
