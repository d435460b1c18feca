import type { Json, JsonObject, ManifestObject } from '@breakwater/model';

const POD_SPEC_PATHS: Record<string, string[]> = {
  Pod: ['spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};
const TEMPLATE_PATH = ['spec', 'template', 'spec'];
const WORKLOAD_KINDS = new Set([
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
]);

/**
 * Why an object is only a part of one: a patch for kustomize, that names the containers it changes and not what they run.
 * Undefined for whole objects. Wrongly typed fields do not make a fragment: those are faults, and told as such.
 */
export function fragmentReason({ kind, object }: ManifestObject): string | undefined {
  if (object['$patch'] !== undefined) return 'it carries a $patch directive';
  if (!WORKLOAD_KINDS.has(kind)) return undefined;
  let at: Json | undefined = object;
  for (const key of POD_SPEC_PATHS[kind] ?? TEMPLATE_PATH) {
    if (at === undefined || at === null) return 'it has no pod template';
    if (!isJsonObject(at)) return undefined;
    at = at[key];
  }
  if (at === undefined || at === null) return 'it has no pod template';
  if (!isJsonObject(at)) return undefined;
  const containers = at['containers'];
  if (containers === undefined || containers === null) return 'it names no containers';
  if (!Array.isArray(containers)) return undefined;
  const without = containers.find((container) => isJsonObject(container) && container['image'] === undefined);
  if (without === undefined || !isJsonObject(without)) return undefined;
  return `container ${typeof without['name'] === 'string' ? without['name'] : 'without name'} names no image`;
}

function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
