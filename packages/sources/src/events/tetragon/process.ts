import type { RuntimeEvent } from '@breakwater/model';
import { imageDigestOf, withoutScheme } from '../image-name.ts';
import { cleanLabels, cleanName, cleanText, fieldsOf, integerOf, type JsonFields, timeOf } from '../json-fields.ts';
import { madeOnce } from '../shapes/index.ts';

type EventProcess = NonNullable<RuntimeEvent['process']>;

/** A `Process` message of Tetragon; undefined without a binary. */
export function processOf(process: JsonFields | undefined): EventProcess | undefined {
  const path = process && cleanText(process['binary']);
  if (!process || !path) return undefined;
  const text = cleanText(process['arguments']) ?? '';
  const pid = integerOf(process['pid']);
  const uid = integerOf(process['uid']);
  const workingDirectory = cleanText(process['cwd']);
  const startTime = timeOf(process['start_time']);
  const executionId = cleanName(process['exec_id']);
  // Many are kept for long. Nearly all have every field, and those that are made with all of them take half the memory.
  if (pid !== undefined && uid !== undefined && workingDirectory && startTime && executionId)
    return { path, arguments: text, pid, uid, workingDirectory, startTime, executionId };
  return {
    ...{ path, arguments: text },
    ...(pid !== undefined && { pid }),
    ...(uid !== undefined && { uid }),
    ...(workingDirectory && { workingDirectory }),
    ...(startTime && { startTime }),
    ...(executionId && { executionId }),
  };
}

/** The same of the process above: one is above many, which share what is told of it. */
export function parentOf(parent: JsonFields | undefined): EventProcess | undefined {
  return parent && madeOnce(parent, processOf);
}

type Whereabouts = Pick<RuntimeEvent, 'pod' | 'container'>;

const NOWHERE: Whereabouts = {};

/** The pod and the container of a `Process` message: what happens in one container shares them. */
export function whereaboutsOf(process: JsonFields | undefined, cluster: string | undefined): Whereabouts {
  const json = fieldsOf(process?.['pod']);
  const container = fieldsOf(json?.['container']);
  if (json === undefined || (container?.['id'] ?? undefined) === undefined) {
    const found = containerOf(container, process?.['docker']);
    return json === undefined && found === undefined ? NOWHERE : { pod: podOf(json, cluster), container: found };
  }
  const found = madeOnce(json, inPod);
  if (found.pod !== undefined && found.pod.cluster !== cluster) found.pod = podOf(json, cluster);
  return found;
}

const inPod = (json: JsonFields): Whereabouts => ({
  pod: podOf(json, undefined),
  container: containerOf(fieldsOf(json['container']), undefined),
});

function podOf(pod: JsonFields | undefined, cluster: string | undefined): RuntimeEvent['pod'] {
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

/** Outside Kubernetes only the first 31 characters of a container's id are known. */
function containerOf(container: JsonFields | undefined, docker: unknown): RuntimeEvent['container'] {
  const id = cleanName(container?.['id'] ?? docker);
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
