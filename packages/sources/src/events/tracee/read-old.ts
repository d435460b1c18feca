import type { RuntimeEvent } from '@breakwater/model';
import { imageDigestOf } from '../image-name.ts';
import { cleanName, cleanText, fieldsOf, integerOf, isoOf, type JsonFields, listOf } from '../json-fields.ts';
import type { TraceeReading } from './reading.ts';

const NANOSECONDS = 1e6;

/** The older form: flat, with nanoseconds since 1970 and `args` as a list of name, type and value. */
export function readOld(json: JsonFields): TraceeReading | undefined {
  const { timestamp } = json;
  const time = isoOf(Math.floor((typeof timestamp === 'number' ? timestamp : Number.NaN) / NANOSECONDS));
  const name = cleanName(json['eventName']);
  if (time === undefined || name === undefined) return undefined;
  const args = listOf(json['args']).map(fieldsOf);
  const result = integerOf(json['returnValue']);
  const [node, pod, container, alert] = [cleanName(json['hostName']), podOf(json), containerOf(json), alertOf(json)];
  return {
    time,
    name,
    arguments: new Map(args.flatMap((arg) => (typeof arg?.['name'] === 'string' ? [[arg['name'], arg['value']]] : []))),
    ...(result !== undefined && { result }),
    subject: {
      process: processOf(json),
      ...(node !== undefined && { node }),
      ...(pod !== undefined && { pod }),
      ...(container !== undefined && { container }),
      ...(alert !== undefined && { alert }),
    },
  };
}

function processOf(json: JsonFields): NonNullable<RuntimeEvent['process']> {
  const path = cleanText(fieldsOf(json['executable'])?.['path']) ?? cleanText(json['processName']) ?? '';
  const [pid, uid, id] = [
    integerOf(json['hostProcessId']),
    integerOf(json['userId']),
    integerOf(json['processEntityId']),
  ];
  return {
    path,
    arguments: '',
    ...(pid !== undefined && { pid }),
    ...(uid !== undefined && { uid }),
    ...(id !== undefined && { executionId: String(id) }),
  };
}

function podOf(json: JsonFields): RuntimeEvent['pod'] {
  const pod = fieldsOf(json['kubernetes']);
  const [namespace, name] = [cleanName(pod?.['podNamespace']), cleanName(pod?.['podName'])];
  return namespace === undefined || name === undefined ? undefined : { namespace, name, labels: {} };
}

function containerOf(json: JsonFields): RuntimeEvent['container'] {
  const container = fieldsOf(json['container']);
  const id = cleanName(container?.['id']) ?? cleanName(json['containerId']);
  if (id === undefined) return undefined;
  const [name, image] = [cleanName(container?.['name']), cleanName(container?.['image'])];
  const imageDigest = imageDigestOf(cleanName(container?.['imageDigest']));
  return { id, ...(name && { name }), ...(image && { image }), ...(imageDigest && { imageDigest }) };
}

/** Severities of signatures, from 0. */
const PRIORITIES = ['Informational', 'Notice', 'Warning', 'Critical'];

function alertOf(json: JsonFields): RuntimeEvent['alert'] {
  const metadata = fieldsOf(json['metadata']);
  const properties = fieldsOf(metadata?.['Properties']);
  const rule = cleanName(properties?.['signatureName']) ?? cleanName(properties?.['signatureID']);
  if (rule === undefined) return undefined;
  const tags = ['external_id', 'Technique', 'Category'].flatMap((key) => cleanName(properties?.[key]) ?? []);
  const priority = PRIORITIES[integerOf(properties?.['Severity']) ?? 1] ?? 'Critical';
  return { rule, priority, message: cleanText(metadata?.['Description']) ?? rule, tags };
}
