import type { Json, JsonObject, ManifestObject } from '@breakwater/model';
import { fieldAt, fieldOf, listOf, objectOf } from '../../../json/index.ts';
import { type AddressSpan, parseCidr } from '../../address.ts';
import { InvalidPolicy, parseSelector, type Selector } from '../../selector.ts';
import type { Network } from './network.ts';

/** A user-defined network, and the namespaces that it is for: its own, or those that it selects. */
export interface UserNetwork {
  network: Network;
  namespaces: string | Selector;
}

const LAYERS = { Layer2: 'layer2', Layer3: 'layer3', Localnet: 'localnet' } as const;

/** Whether an object is a UserDefinedNetwork or a ClusterUserDefinedNetwork. */
export function isUserNetwork({ kind, apiVersion }: ManifestObject): boolean {
  return /^(Cluster)?UserDefinedNetwork$/.test(kind) && apiVersion.includes('/');
}

/**
 * Reads a user-defined network as the API of OVN-Kubernetes validates it: one topology and its configuration, a role, and
 * namespaces that may have a network of their own.
 *
 * @throws InvalidPolicy
 */
export function parseUserNetwork(object: ManifestObject): UserNetwork {
  const ofCluster = object.kind === 'ClusterUserDefinedNetwork';
  const spec = objectOf(fieldOf(object.object, 'spec'));
  if (spec === undefined) throw new InvalidPolicy('it has no spec');
  if (object.name === 'default') throw new InvalidPolicy('its name is default, which is the name of the pod network');
  const where = ofCluster ? 'spec.network' : 'spec';
  const definition = ofCluster ? objectOf(fieldOf(spec, 'network')) : spec;
  if (definition === undefined) throw new InvalidPolicy('spec.network is missing');
  const { topology, layer, at } = layerOf(definition, where, ofCluster);
  const role = roleOf(layer, topology, at);
  if (role === 'primary' && !ofCluster && isSystem(object.namespace))
    throw new InvalidPolicy(`namespace ${object.namespace} cannot have a primary network of its own`);
  return {
    network: {
      kind: object.kind as Network['kind'],
      namespace: ofCluster ? '' : object.namespace,
      name: object.name,
      role,
      leadsOutside: role === 'primary' || topology === 'Localnet',
      subnets: subnetsOf(layer, at),
      places: [object.place],
    },
    namespaces: ofCluster ? selectorOf(spec) : object.namespace,
  };
}

/** Namespaces of the system, for which the pod network is the only primary one. */
export function isSystem(namespace: string): boolean {
  return namespace === 'default' || namespace.startsWith('openshift-') || namespace.startsWith('kube-');
}

function selectorOf(spec: JsonObject): Selector {
  const selector = fieldOf(spec, 'namespaceSelector');
  if (objectOf(selector) === undefined) throw new InvalidPolicy('spec.namespaceSelector is missing');
  return parseSelector(selector, 'spec.namespaceSelector');
}

function layerOf(
  definition: JsonObject,
  where: string,
  ofCluster: boolean,
): { topology: keyof typeof LAYERS; layer: JsonObject; at: string } {
  const topology = fieldOf(definition, 'topology');
  const allowed = ofCluster ? ['Layer2', 'Layer3', 'Localnet'] : ['Layer2', 'Layer3'];
  if (typeof topology !== 'string' || !allowed.includes(topology))
    throw new InvalidPolicy(`${where}.topology is ${JSON.stringify(topology ?? null)}, not ${allowed.join(', ')}`);
  const field = LAYERS[topology as keyof typeof LAYERS];
  const other = Object.values(LAYERS).find((one) => one !== field && (fieldOf(definition, one) ?? null) !== null);
  if (other !== undefined) throw new InvalidPolicy(`${where} has ${other} beside the topology ${topology}`);
  const layer = objectOf(fieldOf(definition, field));
  if (layer === undefined)
    throw new InvalidPolicy(`${where}.${field} is missing, which the topology ${topology} needs`);
  return { topology: topology as keyof typeof LAYERS, layer, at: `${where}.${field}` };
}

function roleOf(layer: JsonObject, topology: string, at: string): Network['role'] {
  const role = fieldOf(layer, 'role');
  if (role === 'Secondary') return 'secondary';
  if (role === 'Primary' && topology !== 'Localnet') return 'primary';
  throw new InvalidPolicy(`${at}.role is ${JSON.stringify(role ?? null)}`);
}

/** Subnets are texts in Layer2 and Localnet, objects with a `cidr` in Layer3. */
function subnetsOf(layer: JsonObject, at: string): AddressSpan[] {
  return listOf(fieldOf(layer, 'subnets')).map((item, index) => spanOf(item, `${at}.subnets[${index}]`));
}

function spanOf(item: Json, at: string): AddressSpan {
  const text = typeof item === 'string' ? item : fieldAt(objectOf(item), 'cidr');
  const span = typeof text === 'string' ? parseCidr(text) : undefined;
  if (span === undefined) throw new InvalidPolicy(`${at} is ${JSON.stringify(text ?? null)}, which is no CIDR`);
  return span;
}
