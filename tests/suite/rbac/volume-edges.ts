import type { Container, Workload } from '@breakwater/model';
import type { Edge } from './attack-edges.ts';
import { containerOf, type Estate, type Vertex } from './read-estate.ts';

/** A directory of the node that a container sees. */
interface HostMount {
  workload: Workload;
  container: Container;
  volume: string;
  path: string;
  readOnly: boolean;
}

/** Directories in which keys and tokens of the node or of its users lie. */
const READABLE = /^\/(proc|root(\/\.ssh)?|etc(\/kubernetes(\/.*)?)?|home(\/[^/]+\/\.ssh)?)?$/;

/** A lock holds nothing, and nothing is run from it. */
const HARMLESS = new Set(['/run/xtables.lock', '/var/run/xtables.lock']);

/** Where the kubelet keeps the tokens of all pods, and the directories above it. */
const ABOVE_TOKENS = new Set(['/', '/var', '/var/lib', '/var/lib/kubelet', '/var/lib/kubelet/pods']);
const ABOVE_LOGS = new Set(['/', '/var', '/var/log']);

/** Attacks by what pods mount, by the suite's names. */
export const volumeAttacks: Readonly<Record<string, (estate: Estate) => Edge[]>> = {
  EXPLOIT_HOST_WRITE: (estate) => toNodes(estate, ({ readOnly, path }) => !readOnly && !HARMLESS.has(path)),
  EXPLOIT_HOST_READ: (estate) => toNodes(estate, ({ readOnly, path }) => readOnly && READABLE.test(path)),
  EXPLOIT_HOST_TRAVERSE: (estate) =>
    hostMounts(estate)
      .filter(({ path }) => ABOVE_TOKENS.has(path))
      .flatMap(({ workload, container }) =>
        heldTokens(estate).map((to) => [containerOf(workload, container), to] as const),
      ),
  CE_VAR_LOG_SYMLINK: (estate) =>
    hostMounts(estate)
      .filter(({ workload, path }) => ABOVE_LOGS.has(path) && readsLogs(estate, workload))
      .flatMap(({ workload, container }) =>
        estate.nodes.map((node) => [containerOf(workload, container), node] as const),
      ),
  TOKEN_STEAL: (estate) => heldTokens(estate).map((to) => [{ name: 'kube-api-access', namespace: to.namespace }, to]),
  VOLUME_DISCOVER: (estate) =>
    hostMounts(estate).map(({ workload, container, volume }) => [
      containerOf(workload, container),
      { name: volume, namespace: workload.namespace },
    ]),
  VOLUME_ACCESS: (estate) =>
    hostMounts(estate).map(({ workload, volume }) => [
      estate.nodeOf(workload),
      { name: volume, namespace: workload.namespace },
    ]),
  POD_ATTACH: (estate) =>
    estate.workloads.filter(({ kind }) => kind === 'Pod').map((pod) => [estate.nodeOf(pod), pod] as const),
};

function hostMounts({ workloads }: Estate): HostMount[] {
  return workloads.flatMap((workload) =>
    workload.containers.flatMap((container) =>
      container.mounts.flatMap((mount): HostMount[] => {
        const found = workload.volumes.find(({ name }) => name === mount.volume);
        if (found?.kind !== 'hostPath' || found.from === undefined) return [];
        const path = found.from.length > 1 ? found.from.replace(/\/+$/, '') : found.from;
        return [{ workload, container, volume: mount.volume, path, readOnly: mount.readOnly === true }];
      }),
    ),
  );
}

function toNodes(estate: Estate, opens: (mount: HostMount) => boolean): Edge[] {
  return hostMounts(estate)
    .filter(opens)
    .map(({ workload, volume }) => [{ name: volume, namespace: workload.namespace }, estate.nodeOf(workload)] as const);
}

/** Accounts whose tokens lie in pods, each once; of those that no binding names nobody has anything. */
function heldTokens({ identity: { identities, grants, tokens } }: Estate): Vertex[] {
  const held = new Set(tokens.values());
  const bound = new Set(grants.map((grant) => grant.identity));
  return identities.filter(({ id }) => held.has(id) && bound.has(id));
}

/** Whether the token in a pod may read the logs of every pod of some place. */
function readsLogs({ identity: { tokens, grants } }: Estate, { id }: Workload): boolean {
  return grants.some(
    ({ identity, rules }) =>
      identity === tokens.get(id) &&
      rules.some(
        ({ apiGroups, resources, verbs, resourceNames }) =>
          (apiGroups.includes('') || apiGroups.includes('*')) &&
          ['pods/log', '*', '*/log'].some((resource) => resources.includes(resource)) &&
          (verbs.includes('get') || verbs.includes('*')) &&
          resourceNames.length === 0,
      ),
  );
}
