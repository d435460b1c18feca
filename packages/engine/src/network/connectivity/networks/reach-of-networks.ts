import type { ManifestObject, Unknown, Workload } from '@breakwater/model';
import { fieldAt } from '../../../json/index.ts';
import { collectPolicies } from '../collect-policies.ts';
import { Connections } from '../connections.ts';
import { Connectivity, type ConnectivityOptions } from '../connectivity.ts';
import type { Stranger } from '../endpoints.ts';
import { namedPorts } from '../named-ports.ts';
import type { Policy } from '../policy.ts';
import { type Attachment, attachmentsOf, attachmentsOfMachine } from './attachments-of.ts';
import { collectNetworks } from './collect-networks.ts';
import { multiNetworkPolicies } from './multi-network-policies.ts';
import { type Network, nameOfNetwork, POD_NETWORK } from './network.ts';
import { type Member, reachOfSecondary } from './secondary-network.ts';
import { isVirtualMachine, virtualMachines } from './virtual-machines.ts';

/** Who can talk to whom in one network. */
export interface NetworkReach {
  network: Network;
  /** Its workloads are those of the network. */
  reach: Connectivity;
}

/** Who can talk to whom in each network of a cluster. Ends that share no network cannot. */
export interface ClusterReach {
  /** The pod network first; a cluster without other networks has only this one. */
  networks: NetworkReach[];
  /** What sets of connections are told by, in every network. */
  connections: Connections;
  /** By workload id: its primary network. */
  primaryOf: ReadonlyMap<string, Network>;
  /** Policies and networks that are not valid, or that leave in doubt what holds, each with its place. */
  problems: Unknown[];
}

/**
 * Who can talk to whom in one cluster with all of its networks. NetworkPolicies and those of the cluster are about
 * primary networks, each about the pods of its namespace there; MultiNetworkPolicies about secondary ones. Pods on the
 * network of their node stay on the pod network.
 */
export function reachOfNetworks(
  cluster: string,
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
  { assumed = [], strangers }: Pick<ConnectivityOptions, 'assumed' | 'strangers'> = {},
): ClusterReach {
  const all = [...workloads, ...virtualMachines(objects, workloads)];
  const { policies: written, problems } = collectPolicies(objects);
  const policies = [...written, ...assumed];
  const networks = collectNetworks(objects, new Set(all.map(({ namespace }) => namespace)));
  const multi = multiNetworkPolicies(objects, networks.definitions);
  const connections = new Connections(namedPorts([...policies, ...[...multi.policies.values()].flat()]));
  const found: ClusterReach = {
    networks: [],
    connections,
    primaryOf: new Map(
      all.map((one) => [one.id, (one.hostNetwork ? undefined : networks.primaryOf.get(one.namespace)) ?? POD_NETWORK]),
    ),
    problems: [...problems, ...networks.problems, ...multi.problems],
  };
  addPrimary(found, { cluster, objects, workloads: all, policies, strangers, primaryOf: networks.primaryOf });
  const { members, problems: missing } = membersOf(objects, all, networks.definitions);
  found.problems.push(...missing);
  for (const [network, own] of members) {
    const { reach, doubts } = reachOfSecondary(cluster, objects, {
      network,
      members: own,
      policies: multi.policies,
      connections,
    });
    found.networks.push({ network, reach });
    found.problems.push(...doubts);
  }
  return found;
}

interface PrimaryEstate {
  cluster: string;
  objects: readonly ManifestObject[];
  workloads: readonly Workload[];
  policies: readonly Policy[];
  strangers: readonly Stranger[] | undefined;
  primaryOf: ReadonlyMap<string, Network>;
}

function addPrimary(
  found: ClusterReach,
  { cluster, objects, workloads, policies, strangers, primaryOf }: PrimaryEstate,
): void {
  const networkOf = (namespace: string): string => nameOfNetwork(primaryOf.get(namespace) ?? POD_NETWORK);
  const members = Map.groupBy(workloads, ({ id }) => nameOfNetwork(found.primaryOf.get(id)!));
  const rules = Map.groupBy(policies, ({ namespace }) => (namespace === '' ? '' : networkOf(namespace)));
  const namespaces = Map.groupBy(objects.filter(isNamespace), ({ name }) => networkOf(name));
  const everywhere = rules.get('') ?? [];
  for (const network of distinct([POD_NETWORK, ...primaryOf.values()])) {
    const name = nameOfNetwork(network);
    const isPod = network === POD_NETWORK;
    const reach = new Connectivity(cluster, isPod ? objects : (namespaces.get(name) ?? []), members.get(name) ?? [], {
      policies: [...everywhere, ...(rules.get(name) ?? [])],
      connections: found.connections,
      strangers: strangers ?? (isPod ? undefined : []),
    });
    found.networks.push({ network, reach });
  }
}

function distinct(networks: readonly Network[]): Network[] {
  return [...new Map(networks.map((network) => [nameOfNetwork(network), network])).values()];
}

function isNamespace({ kind, apiVersion }: ManifestObject): boolean {
  return kind === 'Namespace' && apiVersion === 'v1';
}

/** Who is on which secondary network; what asks for one that is not known is a problem with its place. */
function membersOf(
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
  definitions: ReadonlyMap<string, Network>,
): { members: Map<Network, Member[]>; problems: Unknown[] } {
  let byId: ReadonlyMap<string, Workload> | undefined;
  const members = new Map<Network, Map<string, Member>>();
  const problems: Unknown[] = [];
  for (const object of objects) {
    const wishes = wishesOf(object);
    if (wishes.length === 0) continue;
    byId ??= new Map(workloads.map((workload) => [workload.id, workload]));
    const workload = byId.get(`${object.cluster}/${object.namespace}/${object.kind}/${object.name}`);
    if (workload === undefined || workload.hostNetwork) continue;
    for (const attachment of wishes) {
      const network = definitions.get(attachment.definition);
      if (network === undefined) {
        problems.push(missing(object, attachment.definition));
        continue;
      }
      const own = members.get(network) ?? new Map<string, Member>();
      members.set(network, own);
      const member = own.get(workload.id) ?? { workload, attachments: [] };
      own.set(workload.id, member);
      member.attachments.push(attachment);
    }
  }
  return { members: new Map([...members].map(([network, own]) => [network, [...own.values()]])), problems };
}

function wishesOf(object: ManifestObject): Attachment[] {
  if (!isVirtualMachine(object)) return attachmentsOf(object);
  return attachmentsOfMachine(fieldAt(object.object, 'spec', 'template', 'spec'), object.namespace);
}

function missing({ kind, namespace, name, place, cluster }: ManifestObject, definition: string): Unknown {
  return {
    code: 'network-missing',
    message: `${kind} ${namespace}/${name} asks for the network ${definition}, which is not in these manifests: whom it reaches there is not known.`,
    place,
    subject: `${cluster}/${namespace}/${kind}/${name}`,
    hint: 'Give the manifests that define the NetworkAttachmentDefinition too.',
  };
}
