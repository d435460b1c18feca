import type { RuntimeEvent } from '@breakwater/model';
import { imageDigestOf, withoutScheme } from '../image-name.ts';
import { fieldsOf, integerOf, type JsonFields, labelsOf, nameOf, textOf, timeOf } from '../json-fields.ts';

type EventProcess = NonNullable<RuntimeEvent['process']>;

/** A `Process` message of Tetragon; undefined without a binary. */
export function processOf(process: JsonFields | undefined): EventProcess | undefined {
  const path = process && textOf(process['binary']);
  if (!process || !path) return undefined;
  const found: EventProcess = { path, arguments: textOf(process['arguments']) ?? '' };
  const pid = integerOf(process['pid']);
  if (pid !== undefined) found.pid = pid;
  const uid = integerOf(process['uid']);
  if (uid !== undefined) found.uid = uid;
  const workingDirectory = textOf(process['cwd']);
  if (workingDirectory) found.workingDirectory = workingDirectory;
  const startTime = timeOf(process['start_time']);
  if (startTime) found.startTime = startTime;
  const executionId = nameOf(process['exec_id']);
  if (executionId) found.executionId = executionId;
  return found;
}

/** The pod of a `Process` message. */
export function podOf(process: JsonFields | undefined, cluster: string | undefined): RuntimeEvent['pod'] {
  const pod = fieldsOf(process?.['pod']);
  const namespace = pod && nameOf(pod['namespace']);
  const name = pod && nameOf(pod['name']);
  if (!pod || !namespace || !name) return undefined;
  const found: RuntimeEvent['pod'] = { namespace, name, labels: labelsOf(pod['pod_labels'] ?? pod['labels']) };
  if (cluster) found.cluster = cluster;
  const workload = nameOf(pod['workload']);
  if (workload) found.workload = workload;
  const workloadKind = nameOf(pod['workload_kind']);
  if (workloadKind) found.workloadKind = workloadKind;
  return found;
}

/** The container of a `Process` message. Outside Kubernetes only the first 31 characters of its id are known. */
export function containerOf(process: JsonFields | undefined): RuntimeEvent['container'] {
  const container = fieldsOf(fieldsOf(process?.['pod'])?.['container']);
  const id = nameOf(container?.['id'] ?? process?.['docker']);
  if (!container) return id ? { id } : undefined;
  const image = fieldsOf(container['image']);
  const imageId = nameOf(image?.['id']);
  const found: NonNullable<RuntimeEvent['container']> = {};
  if (id) found.id = withoutScheme(id);
  const name = nameOf(container['name']);
  if (name) found.name = name;
  const reference = nameOf(image?.['name']) ?? imageId;
  if (reference) found.image = withoutScheme(reference);
  const imageDigest = imageDigestOf(imageId);
  if (imageDigest) found.imageDigest = imageDigest;
  return found;
}
