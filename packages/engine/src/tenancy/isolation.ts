import type { Container, JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { capabilityName, isDangerousCapability } from '../inventory/capabilities.ts';
import { runningContainers } from '../inventory/running-containers.ts';
import { fieldOf, textOf } from '../json/index.ts';
import type { PodTemplate } from './pods.ts';

/**
 * What lies between a pod and its node: `sandboxed` a kernel or a user-space kernel of its own, `confined` a seccomp
 * profile or a user namespace, `thin` nothing but namespaces and the default capabilities, `open` not even those.
 */
export type IsolationLevel = 'sandboxed' | 'confined' | 'thin' | 'open';

/** How well a pod is kept apart from the others on its node. */
export interface Isolation {
  level: IsolationLevel;
  /** Why it is no better, each as half a sentence: "container web runs privileged". */
  weaknesses: readonly string[];
  /** Running containers that may forge packets (NET_RAW). */
  rawSockets: readonly string[];
  /** On the network of the node, where all traffic of its pods passes. */
  onNodeNetwork: boolean;
}

/** Capabilities that lead to the node by themselves; the rest of the dangerous ones need a second weakness. */
const OPENING = new Set(['ALL', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_RAWIO', 'DAC_READ_SEARCH', 'SYS_PTRACE', 'BPF']);

/** Handlers of runtimes whose containers do not share the node's kernel. */
const SANDBOX = /kata|gvisor|runsc|firecracker|hyper-?v|confidential|enclave/i;

/** Paths of the node that may be read without learning anything of its other pods. */
const HARMLESS = /^\/(etc\/(localtime|timezone|ssl|pki\/tls|ca-certificates|os-release|machine-id)|usr\/share)(\/|$)/;

/** Names of runtime classes with the handlers that they mean. */
export function runtimeHandlers(objects: readonly ManifestObject[]): ReadonlyMap<string, string> {
  return new Map(
    objects
      .filter(({ kind }) => kind === 'RuntimeClass')
      .map(({ name, object }) => [name, textOf(fieldOf(object, 'handler')) ?? name] as const),
  );
}

/** How well a workload's pods are kept apart from others on their nodes. */
export function isolationOf(
  workload: Workload,
  { spec }: PodTemplate,
  handlers: ReadonlyMap<string, string>,
): Isolation {
  const opened = openings(workload);
  const rawSockets = runningContainers(workload)
    .filter(({ security }) => security.privileged || keepsRawSockets(security))
    .map(({ name }) => name);
  const common = { rawSockets, onNodeNetwork: workload.hostNetwork };
  if (opened.length > 0) return { level: 'open', weaknesses: opened, ...common };
  if (isSandboxed(spec, handlers)) return { level: 'sandboxed', weaknesses: [], ...common };
  const bare = workload.containers.filter((container) => !isConfined(workload, container));
  if (bare.length === 0) return { level: 'confined', weaknesses: [], ...common };
  const weaknesses = bare.map(
    ({ name }) => `container ${name} has no seccomp profile, user namespace or runtime class of its own`,
  );
  return { level: 'thin', weaknesses, ...common };
}

function openings(workload: Workload): string[] {
  const pod = [
    ...(workload.hostPID ? ['it sees the processes of its node'] : []),
    ...(workload.hostIPC ? ['it shares memory with processes of its node'] : []),
  ];
  return [...pod, ...workload.containers.flatMap((container) => openingsOf(workload, container))];
}

function openingsOf({ volumes }: Workload, { name, security, mounts }: Container): string[] {
  if (security.privileged) return [`container ${name} runs privileged`];
  const capabilities = security.capabilitiesAdded
    .map(capabilityName)
    .filter((capability) => isDangerousCapability(capability) && OPENING.has(capability));
  const paths = mounts.flatMap(({ volume, readOnly }) =>
    volumes.flatMap(({ name: own, kind, from = '' }) =>
      own === volume && kind === 'hostPath' && !(readOnly && HARMLESS.test(from))
        ? [`container ${name} ${readOnly ? 'reads' : 'writes'} ${from} of its node`]
        : [],
    ),
  );
  return [...capabilities.map((capability) => `container ${name} has the capability ${capability}`), ...paths];
}

function isSandboxed(spec: JsonObject | undefined, handlers: ReadonlyMap<string, string>): boolean {
  const name = textOf(fieldOf(spec, 'runtimeClassName'));
  return name !== undefined && SANDBOX.test(handlers.get(name) ?? name);
}

function isConfined({ hostUsers }: Workload, { security }: Container): boolean {
  const { seccompProfile } = security;
  return hostUsers === false || (seccompProfile !== undefined && seccompProfile !== 'Unconfined');
}

/** NET_RAW is among the capabilities that runtimes give unless it is dropped. */
function keepsRawSockets({ capabilitiesAdded, capabilitiesDropped }: Container['security']): boolean {
  const added = capabilitiesAdded.map(capabilityName);
  if (added.includes('NET_RAW') || added.includes('ALL')) return true;
  const dropped = capabilitiesDropped.map(capabilityName);
  return !dropped.includes('NET_RAW') && !dropped.includes('ALL');
}
