import type { Json, JsonObject, ManifestObject } from '@breakwater/model';
import { fieldAt, fieldOf, objectOf, objectsOf, textOf } from '../../../json/index.ts';
import { type AddressSpan, parseCidr } from '../../address.ts';
import { InvalidPolicy } from '../../selector.ts';
import type { Network } from './network.ts';

const LONGEST_CONFIG = 65_536;
/** Plug-ins that put pods on a network of the nodes. */
const OF_NODES = new Set(['macvlan', 'ipvlan', 'sriov', 'host-device', 'bridge', 'vlan', 'cnv-bridge', 'ovs']);

/** Whether an object is a NetworkAttachmentDefinition. */
export function isAttachmentDefinition({ kind, apiVersion }: ManifestObject): boolean {
  return kind === 'NetworkAttachmentDefinition' && apiVersion.startsWith('k8s.cni.cncf.io/');
}

/**
 * The network that a NetworkAttachmentDefinition leads to. Definitions whose configurations have one name are one network;
 * without a configuration, which is then on the nodes, the definition's own name stands for it.
 *
 * @throws InvalidPolicy
 */
export function parseAttachmentDefinition(object: ManifestObject): Network {
  const config = configOf(fieldAt(object.object, 'spec', 'config') ?? undefined);
  const plugins = config === undefined ? [] : [config, ...objectsOf(fieldOf(config, 'plugins'))];
  const types = plugins.flatMap((plugin) => textOf(fieldOf(plugin, 'type')) ?? []);
  const isOverlay = types.includes('ovn-k8s-cni-overlay');
  const role = isOverlay && fieldOf(config, 'role') === 'primary' ? 'primary' : 'secondary';
  const outward = isOverlay ? fieldOf(config, 'topology') === 'localnet' : types.some((type) => OF_NODES.has(type));
  return {
    kind: 'NetworkAttachmentDefinition',
    namespace: '',
    name: textOf(fieldOf(config, 'name')) ?? object.name,
    role,
    leadsOutside: role === 'primary' || outward,
    subnets: plugins.flatMap(subnetsOf),
    places: [object.place],
  };
}

function configOf(value: Json | undefined): JsonObject | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new InvalidPolicy('spec.config is not text');
  if (value.length > LONGEST_CONFIG) throw new InvalidPolicy('spec.config is too long');
  const config = objectOf(parsed(value));
  if (config === undefined) throw new InvalidPolicy('spec.config is no JSON object');
  return config;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** `subnets` of OVN-Kubernetes is one text with commas; plug-ins of addresses have `ipam.subnet` or `ipam.range`. */
function subnetsOf(plugin: JsonObject): AddressSpan[] {
  const texts = [
    ...(textOf(fieldOf(plugin, 'subnets')) ?? '').split(','),
    ...[fieldAt(plugin, 'ipam', 'subnet'), fieldAt(plugin, 'ipam', 'range')].flatMap((text) => textOf(text) ?? []),
  ];
  return texts.flatMap((text) => parseCidr(text.trim()) ?? []);
}
