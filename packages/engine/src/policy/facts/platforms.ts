import type { JsonObject, UnknownField } from '@breakwater/model';
import { CelUnknown } from '../cel/index.ts';

/**
 * Kinds of other platforms, put into the shape of a Kubernetes workload when they are read, and where their pod spec
 * stands. They are no kinds that an API server knows: what is compiled for one leaves them out.
 */
export const PLATFORM_POD_SPECS: Readonly<Record<string, string>> = {
  ComposeService: 'object.spec.template.spec',
  SwarmService: 'object.spec.template.spec',
  TaskDefinition: 'object.spec.template.spec',
  MarathonApp: 'object.spec.template.spec',
  MarathonPod: 'object.spec.template.spec',
};

/** Whether a kind is one of another platform. */
export function isPlatformKind(kind: string): boolean {
  return Object.hasOwn(PLATFORM_POD_SPECS, kind);
}

/** What Kubernetes alone has words for: that it is missing says nothing about a workload of another platform. */
const KUBERNETES_ONLY_OF_POD = [
  'affinity',
  'dnsPolicy',
  'imagePullSecrets',
  'nodeSelector',
  'priorityClassName',
  'restartPolicy',
  'schedulerName',
  'terminationGracePeriodSeconds',
  'tolerations',
  'topologySpreadConstraints',
];
const KUBERNETES_ONLY_OF_CONTAINER = ['imagePullPolicy'];

const POD = ['spec', 'template', 'spec'];

type Pointer = readonly (string | number)[];

/**
 * A translated object as policies judge it: what cannot be told from the files is unknown, and so is what only Kubernetes
 * could have said. The object itself stays as it is.
 */
export function withUnknownFields(object: JsonObject, fields: readonly UnknownField[]): JsonObject {
  const copy = structuredClone(object);
  for (const { pointer, reason } of fields) put(copy, pointer, new CelUnknown([reason]));
  const pod = at(copy, POD);
  const containers = record(pod)?.['containers'];
  addAbsent(pod, KUBERNETES_ONLY_OF_POD);
  for (const container of Array.isArray(containers) ? containers : [])
    addAbsent(container, KUBERNETES_ONLY_OF_CONTAINER);
  return copy;
}

function addAbsent(value: unknown, names: readonly string[]): void {
  const fields = record(value);
  if (fields === undefined) return;
  for (const name of names) {
    if (!Object.hasOwn(fields, name)) fields[name] = new CelUnknown([`${name}, which only Kubernetes has`]);
  }
}

/* Parents that are missing are made; below what is unknown already, nothing is. */
function put(root: unknown, pointer: Pointer, value: CelUnknown): void {
  let current = root;
  for (const [depth, step] of pointer.entries()) {
    if (current instanceof CelUnknown || typeof current !== 'object' || current === null) return;
    const fields = current as Record<string | number, unknown>;
    if (depth === pointer.length - 1) fields[step] = value;
    else if (fields[step] === undefined) fields[step] = typeof pointer[depth + 1] === 'number' ? [] : {};
    current = fields[step];
  }
}

function at(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => record(value)?.[key], root);
}

function record(value: unknown): Record<string, unknown> | undefined {
  const isRecord =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof CelUnknown);
  return isRecord ? (value as Record<string, unknown>) : undefined;
}
