import type { RuntimeEvent } from '@breakwater/model';
import { imageDigestOf, withoutScheme } from '../image-name.ts';
import { cleanLabels, cleanName, cleanText, fieldsOf, integerOf, type JsonFields, timeOf } from '../json-fields.ts';

type EventProcess = NonNullable<RuntimeEvent['process']>;

/** A `Process` message of Tetragon; undefined without a binary. */
export function processOf(process: JsonFields | undefined): EventProcess | undefined {
  const path = process && cleanText(process['binary']);
  if (!process || !path) return undefined;
  const found: EventProcess = { path, arguments: cleanText(process['arguments']) ?? '' };
  const pid = integerOf(process['pid']);
  if (pid !== undefined) found.pid = pid;
  const uid = integerOf(process['uid']);
  if (uid !== undefined) found.uid = uid;
  const workingDirectory = cleanText(process['cwd']);
  if (workingDirectory) found.workingDirectory = workingDirectory;
  const startTime = timeOf(process['start_time']);
  if (startTime) found.startTime = startTime;
  const executionId = cleanName(process['exec_id']);
  if (executionId) found.executionId = executionId;
  return found;
}

/** The pod of a `Process` message. */
export function podOf(process: JsonFields | undefined, cluster: string | undefined): RuntimeEvent['pod'] {
  const pod = fieldsOf(process?.['pod']);
  const namespace = pod && cleanName(pod['namespace']);
  const name = pod && cleanName(pod['name']);
  if (!pod || !namespace || !name) return undefined;
  const found: RuntimeEvent['pod'] = { namespace, name, labels: cleanLabels(pod['pod_labels'] ?? pod['labels']) };
  if (cluster) found.cluster = cluster;
  const workload = cleanName(pod['workload']);
  if (workload) found.workload = workload;
  const workloadKind = cleanName(pod['workload_kind']);
  if (workloadKind) found.workloadKind = workloadKind;
  return found;
}

/** The container of a `Process` message. Outside Kubernetes only the first 31 characters of its id are known. */
export function containerOf(process: JsonFields | undefined): RuntimeEvent['container'] {
  const container = fieldsOf(fieldsOf(process?.['pod'])?.['container']);
  const id = cleanName(container?.['id'] ?? process?.['docker']);
  if (!container) return id ? { id } : undefined;
  const image = fieldsOf(container['image']);
  const imageId = cleanName(image?.['id']);
  const found: NonNullable<RuntimeEvent['container']> = {};
  if (id) found.id = withoutScheme(id);
  const name = cleanName(container['name']);
  if (name) found.name = name;
  const reference = cleanName(image?.['name']) ?? imageId;
  if (reference) found.image = withoutScheme(reference);
  const imageDigest = imageDigestOf(imageId);
  if (imageDigest) found.imageDigest = imageDigest;
  return found;
}
