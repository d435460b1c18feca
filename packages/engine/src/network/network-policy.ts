import type { Json, JsonObject, ManifestObject, Place, Unknown } from '@breakwater/model';
import { fieldAt, fieldOf, listOf, objectOf } from '../json/index.ts';
import { type AddressSpan, parseCidr, subtractSpans } from './address.ts';
import { InvalidPolicy, parseSelector, type Selector } from './selector.ts';

/** Ports of one protocol: a range, or those of a container port's name. */
export type PortMatch = { protocol: string; from: number; to: number } | { protocol: string; name: string };

/** Whom a rule admits. Without a namespace selector pods are of the policy's own namespace. */
export type Peer = { namespaces: Selector | undefined; pods: Selector } | { block: AddressSpan[] };

/** One `ingress` or `egress` rule; undefined stands for everyone and for every port. */
export interface PolicyTraffic {
  peers: Peer[] | undefined;
  ports: PortMatch[] | undefined;
}

/** A NetworkPolicy as it works: a direction that it does not isolate is undefined, one that it closes is empty. */
export interface NetworkPolicy {
  cluster: string;
  namespace: string;
  name: string;
  pods: Selector;
  ingress: PolicyTraffic[] | undefined;
  egress: PolicyTraffic[] | undefined;
  places: Place[];
}

/** The NetworkPolicies of the manifests. One that the API server would refuse becomes an unknown and takes no part. */
export function networkPoliciesOf(objects: readonly ManifestObject[]): {
  policies: NetworkPolicy[];
  unknowns: Unknown[];
} {
  const policies = new Map<string, NetworkPolicy>();
  const unknowns: Unknown[] = [];
  for (const object of objects) {
    if (object.kind !== 'NetworkPolicy' || !/^(networking\.k8s\.io|extensions)\//.test(object.apiVersion)) continue;
    try {
      const policy = parseNetworkPolicy(object);
      const meaning = `${object.cluster}/${object.namespace}/${object.name} ${JSON.stringify(fieldOf(object.object, 'spec') ?? null)}`;
      const known = policies.get(meaning);
      if (known === undefined) policies.set(meaning, policy);
      else known.places.push(...policy.places);
    } catch (error) {
      if (!(error instanceof InvalidPolicy)) throw error;
      unknowns.push(invalid(object, error.message));
    }
  }
  return { policies: [...policies.values()], unknowns };
}

function invalid(object: ManifestObject, message: string): Unknown {
  return {
    code: 'network-policy-invalid',
    message: `NetworkPolicy ${object.namespace}/${object.name} is not valid: ${message}. What it would allow or close is not known; reach is computed without it.`,
    place: object.place,
    subject: `${object.cluster}/${object.namespace}/NetworkPolicy/${object.name}`,
    hint: 'Mend the policy: the API server refuses it as it is.',
  };
}

/** @throws InvalidPolicy */
function parseNetworkPolicy(object: ManifestObject): NetworkPolicy {
  const spec = objectOf(fieldOf(object.object, 'spec'));
  if (spec === undefined) throw new InvalidPolicy('it has no spec');
  const egress = fieldOf(spec, 'egress');
  const types = policyTypes(fieldOf(spec, 'policyTypes'), egress);
  return {
    cluster: object.cluster,
    namespace: object.namespace,
    name: object.name,
    pods: parseSelector(fieldOf(spec, 'podSelector'), 'spec.podSelector'),
    ingress: types.has('Ingress') ? parseRules(fieldOf(spec, 'ingress'), 'ingress', 'from') : undefined,
    egress: types.has('Egress') ? parseRules(egress, 'egress', 'to') : undefined,
    places: [object.place],
  };
}

/**
 * Without `policyTypes` a policy isolates ingress, and egress too when it has egress rules.
 *
 * @throws InvalidPolicy
 */
export function policyTypes(value: Json | undefined, egress: Json | undefined): Set<string> {
  if (value !== undefined && value !== null && !Array.isArray(value))
    throw new InvalidPolicy('spec.policyTypes is not a list');
  const types = listOf(value);
  if (types.length === 0) return new Set(['Ingress', ...(listOf(egress).length > 0 ? ['Egress'] : [])]);
  const wrong = types.find((type) => type !== 'Ingress' && type !== 'Egress');
  if (wrong !== undefined) throw new InvalidPolicy(`spec.policyTypes has ${JSON.stringify(wrong)}`);
  return new Set(types as string[]);
}

function parseRules(value: Json | undefined, direction: string, peerField: string): PolicyTraffic[] {
  if (value !== undefined && value !== null && !Array.isArray(value))
    throw new InvalidPolicy(`spec.${direction} is not a list`);
  return listOf(value).map((item, index) => {
    const where = `spec.${direction}[${index}]`;
    const rule = objectOf(item ?? {});
    if (rule === undefined) throw new InvalidPolicy(`${where} is not an object`);
    const peers = ruleList(rule, peerField, where);
    const ports = ruleList(rule, 'ports', where);
    return {
      peers: peers.length === 0 ? undefined : peers.map((peer, at) => parsePeer(peer, `${where}.${peerField}[${at}]`)),
      ports: ports.length === 0 ? undefined : ports.map((port, at) => parsePort(port, `${where}.ports[${at}]`)),
    };
  });
}

function ruleList(rule: JsonObject, field: string, where: string): Json[] {
  const value = fieldOf(rule, field) ?? null;
  if (value !== null && !Array.isArray(value)) throw new InvalidPolicy(`${where}.${field} is not a list`);
  return listOf(value);
}

function parsePeer(value: Json, where: string): Peer {
  const peer = objectOf(value);
  if (peer === undefined) throw new InvalidPolicy(`${where} is not an object`);
  const [namespaces, pods, block] = ['namespaceSelector', 'podSelector', 'ipBlock'].map(
    (field) => fieldOf(peer, field) ?? undefined,
  );
  if (block !== undefined && (namespaces !== undefined || pods !== undefined))
    throw new InvalidPolicy(`${where} has an ipBlock beside a selector`);
  if (block !== undefined) return { block: parseBlock(objectOf(block), `${where}.ipBlock`) };
  if (namespaces === undefined && pods === undefined) throw new InvalidPolicy(`${where} names nobody`);
  return {
    namespaces: namespaces === undefined ? undefined : parseSelector(namespaces, `${where}.namespaceSelector`),
    pods: parseSelector(pods, `${where}.podSelector`),
  };
}

function parseBlock(block: JsonObject | undefined, where: string): AddressSpan[] {
  const span = cidrAt(fieldOf(block, 'cidr'), `${where}.cidr`);
  const excepts = listOf(fieldOf(block, 'except')).map((item, index) => {
    const except = cidrAt(item, `${where}.except[${index}]`);
    const inside = except.family === span.family && except.first >= span.first && except.last <= span.last;
    if (!inside || (except.first === span.first && except.last === span.last))
      throw new InvalidPolicy(`${where}.except[${index}] is not a strict part of its cidr`);
    return except;
  });
  return subtractSpans(span, excepts);
}

function cidrAt(value: Json | undefined, where: string): AddressSpan {
  const span = typeof value === 'string' ? parseCidr(value) : undefined;
  if (span === undefined) throw new InvalidPolicy(`${where} is ${JSON.stringify(value ?? null)}, which is no CIDR`);
  return span;
}

function parsePort(value: Json, where: string): PortMatch {
  const entry = objectOf(value);
  if (entry === undefined) throw new InvalidPolicy(`${where} is not an object`);
  const protocol = fieldAt(entry, 'protocol') ?? 'TCP';
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP')
    throw new InvalidPolicy(`${where}.protocol is ${JSON.stringify(protocol)}`);
  const port = fieldAt(entry, 'port') ?? undefined;
  const endPort = fieldAt(entry, 'endPort') ?? undefined;
  if (typeof port === 'string') {
    if (endPort !== undefined) throw new InvalidPolicy(`${where} has an endPort beside a named port`);
    if (!/^(?=[a-z0-9-]{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(port))
      throw new InvalidPolicy(`${where}.port is ${JSON.stringify(port)}`);
    return { protocol, name: port };
  }
  if (port === undefined) {
    if (endPort !== undefined) throw new InvalidPolicy(`${where} has an endPort without a port`);
    return { protocol, from: 1, to: 65535 };
  }
  const from = portNumber(port, `${where}.port`);
  const to = endPort === undefined ? from : portNumber(endPort, `${where}.endPort`);
  if (to < from) throw new InvalidPolicy(`${where}.endPort is below its port`);
  return { protocol, from, to };
}

function portNumber(value: Json, where: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 65535)
    throw new InvalidPolicy(`${where} is ${JSON.stringify(value)}`);
  return value;
}
