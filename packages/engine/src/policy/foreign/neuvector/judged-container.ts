import { CelError } from '../../cel/index.ts';
import { approximate, parseQuantity } from '../../cel/quantity.ts';
import type { Element } from '../../facts/workload.ts';
import { listOf, recordOf, textOf } from '../../loose-values.ts';
import type { JudgedObject } from './judged-object.ts';

/** A container as NeuVector's rules look at it. */
export interface JudgedContainer {
  element: Element;
  image: string;
  /** As rules name it: `containers`, `init_containers`, `ephemeral_containers`. */
  type: string;
  privileged: boolean;
  allowsEscalation: boolean;
  /** Undefined where neither the manifest nor the image is known to say. */
  isRoot: boolean | undefined;
  /** Paths on the node that it mounts. */
  hostPaths: string[];
  environment: Record<string, string>;
  /** Cores and bytes; undefined where they are not set. */
  resources: Record<string, number | undefined>;
  host: { network: boolean; pid: boolean; ipc: boolean };
}

const TYPES: Readonly<Record<string, string>> = {
  main: 'containers',
  init: 'init_containers',
  ephemeral: 'ephemeral_containers',
};

export function judgedContainer(element: Element, { pod, image }: JudgedObject): JudgedContainer {
  const { value } = element;
  const written = recordOf(value['spec']);
  const spec = recordOf(pod['spec']);
  const added = listOf(value['capabilitiesAdded']).map(String);
  return {
    element,
    image: textOf(value['image']),
    type: TYPES[String(value['role'])] ?? 'containers',
    privileged: value['privileged'] === true,
    allowsEscalation:
      recordOf(written['securityContext'])['allowPrivilegeEscalation'] === true ||
      added.some((name) => /^(CAP_)?SYS_ADMIN$/.test(name)),
    isRoot: isRoot(value, image?.user),
    hostPaths: hostPathsOf(value, spec),
    environment: environmentOf(value),
    resources: resourcesOf(value),
    host: {
      network: spec['hostNetwork'] === true,
      pid: spec['hostPID'] === true,
      ipc: spec['hostIPC'] === true,
    },
  };
}

function isRoot({ runAsUser, runAsNonRoot }: Element['value'], user: string | undefined): boolean | undefined {
  if (typeof runAsUser === 'number') return runAsUser === 0;
  if (runAsNonRoot === true) return false;
  return user === undefined ? undefined : /^(|0|root)(:|$)/.test(user);
}

function hostPathsOf({ mounts }: Element['value'], { volumes }: Readonly<Record<string, unknown>>): string[] {
  const mounted = new Set(listOf(mounts).map((mount) => recordOf(mount)['name']));
  return listOf(volumes)
    .map(recordOf)
    .filter((volume) => mounted.has(volume['name']))
    .map((volume) => textOf(recordOf(volume['hostPath'])['path']))
    .filter((path) => path !== '');
}

function environmentOf({ environment }: Element['value']): Record<string, string> {
  const entries = listOf(environment)
    .map(recordOf)
    .map(({ name, value }) => [textOf(name), textOf(value)] as const);
  return Object.fromEntries(entries);
}

function resourcesOf({ limits, requests }: Element['value']): JudgedContainer['resources'] {
  const of = (list: unknown, name: string): number | undefined => amountOf(recordOf(list)[name]);
  return {
    cpuLimit: of(limits, 'cpu'),
    cpuRequest: of(requests, 'cpu'),
    memoryLimit: of(limits, 'memory'),
    memoryRequest: of(requests, 'memory'),
  };
}

/** A quantity as a number: cores, bytes. */
export function amountOf(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const quantity = parseQuantity(String(value).trim());
  return quantity instanceof CelError ? undefined : approximate(quantity);
}
