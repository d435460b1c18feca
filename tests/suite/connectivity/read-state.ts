import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { workloadsOf } from '@breakwater/engine/inventory';
import { Connectivity, type Network, POD_NETWORK, reachOfNetworks } from '@breakwater/engine/network/connectivity';
import { isObject, type JsonObject, type ManifestObject, type Unknown, type Workload } from '@breakwater/model';
import { readManifestText } from '@breakwater/sources/manifests';

/** What can talk to what in one network, and under which names. */
export interface State {
  reach: Connectivity;
  /** Names of the workloads, as the suite writes them. */
  names: string[];
  network: Network;
  /** Names of workloads whose primary networks are others, with what isolates them from the ones here. */
  isolated: { network: Network; names: string[] }[];
}

/** The networks of one state of a cluster. */
export interface Reading {
  networks: State[];
  /** The manifests are such that no analysis can stand on them. */
  invalid: boolean;
}

/** Problems that leave open what holds, where the analysis goes on nevertheless. */
const DOUBTS = new Set([
  'network-not-allowed',
  'network-missing',
  'network-policy-about-nothing',
  'network-address-not-known',
  'network-policy-addresses-of-pods',
]);

/** Reads every manifest below a path of the suite; networks beside the pod network only where they are asked for. */
export function readState(folder: string, path: string, withNetworks: boolean): Reading {
  const objects = filesOf(join(folder, path)).flatMap((file) => {
    const read = readManifestText({ source: file, text: readFileSync(file, 'utf8'), inChart: false });
    return [...read.objects, ...read.patches];
  });
  const owners = new Map<string, string>();
  const groups = new Map<string, JsonObject[]>();
  const grouped = objects.map((object) => underOwner(object, owners, groups));
  const { workloads } = workloadsOf(grouped);
  const { networks, problems } = withNetworks
    ? reachOfNetworks('default', grouped, workloads)
    : single(grouped, workloads);
  return {
    networks: withNames(networks, owners),
    invalid:
      problems.some(({ code }) => !DOUBTS.has(code)) || networks.some(({ reach }) => areToldApart(reach, groups)),
  };
}

type NetworkReach = Pick<State, 'network' | 'reach'>;

function single(
  objects: ManifestObject[],
  workloads: Workload[],
): { networks: NetworkReach[]; problems: readonly Unknown[] } {
  const reach = new Connectivity('default', objects, workloads);
  return { networks: [{ network: POD_NETWORK, reach }], problems: reach.problems };
}

function withNames(networks: readonly NetworkReach[], owners: ReadonlyMap<string, string>): State[] {
  const named = networks.map(({ network, reach }) => ({
    network,
    reach,
    names: reach.workloads.map((workload) => nameOf(workload, owners.get(workload.id), network)),
  }));
  const primary = named.filter(({ network }) => network.role === 'primary');
  return named.map((one) => ({
    ...one,
    isolated: one.network.role === 'primary' ? primary.filter((other) => other !== one) : [],
  }));
}

/** `blue[udn]/web[Pod]` in the primary network that one namespace has to itself. */
function nameOf({ namespace, name, kind }: Workload, owner: string | undefined, network: Network): string {
  const isOwn = network.role === 'primary' && network.kind === 'UserDefinedNetwork';
  return `${namespace}${isOwn ? '[udn]' : ''}/${name}[${owner ?? kind}]`;
}

/** The network of a row, where it is not the one that every cluster has. */
export function networkField(network: Network): { network?: string } {
  return network.kind === 'PodNetwork' ? {} : { network: spellNetwork(network) };
}

function spellNetwork({ kind, role, namespace, name }: Network): string {
  const short = {
    PodNetwork: '',
    UserDefinedNetwork: 'UDN',
    ClusterUserDefinedNetwork: 'CUDN',
    NetworkAttachmentDefinition: 'NAD',
  }[kind];
  return `${role} ${short} ${role === 'primary' && kind === 'UserDefinedNetwork' ? namespace : name}`;
}

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** A pod whose owner is not in the manifests stands under its owner's name. */
function underOwner(
  object: ManifestObject,
  owners: Map<string, string>,
  groups: Map<string, JsonObject[]>,
): ManifestObject {
  const metadata = object.object['metadata'];
  if (object.kind !== 'Pod' || !isObject(metadata)) return object;
  const [owner] = Array.isArray(metadata['ownerReferences']) ? metadata['ownerReferences'] : [];
  if (!isObject(owner) || typeof owner['name'] !== 'string' || typeof owner['kind'] !== 'string') return object;
  const { ownerReferences: _, ...rest } = metadata;
  const named = { ...object, name: owner['name'], object: { ...object.object, metadata: rest } };
  const id = `${object.cluster}/${object.namespace}/Pod/${owner['name']}`;
  owners.set(id, owner['kind']);
  groups.set(id, [...(groups.get(id) ?? []), isObject(rest['labels']) ? rest['labels'] : {}]);
  return named;
}

/** Whether policies tell pods of one owner apart: then one name cannot stand for all of them. */
function areToldApart(reach: Connectivity, groups: ReadonlyMap<string, JsonObject[]>): boolean {
  const keys = new Set(
    reach.policies.flatMap(({ subject, ingress, egress }) => {
      const peers = [...(ingress ?? []), ...(egress ?? [])].flatMap((rule) => rule.peers ?? []);
      return [subject, ...peers].flatMap((one) => ('pods' in one ? one.pods.requirements.map(({ key }) => key) : []));
    }),
  );
  return [...groups.values()].some((labels) =>
    [...keys].some((key) => labels.some((other) => other[key] !== labels[0]?.[key])),
  );
}
