/*
 * Who may connect to whom, as the words of NetworkPolicy and of network-policy-api say it: every pair, port and rule one
 * by one, with nothing shared with the engine. Slow on purpose; only right for policies that are valid.
 */

/** A pod, an address outside the cluster, or a host outside of which only the name is known. */
export type End =
  | {
      pod: {
        namespace: string;
        labels: Record<string, string>;
        ports: { name: string; protocol: string; port: number }[];
        /** It has the address of its node: one of `nodeAddresses`. */
        onHost?: boolean;
        /** Its address in the network that is asked about, where that is known: then blocks are about it. */
        address?: string;
      };
    }
  | { address: string }
  | { host: string };

/** All that is there: namespaces by name with their labels, and policies as objects. */
export interface World {
  namespaces: Record<string, Record<string, string>>;
  policies: Policy[];
  /** An address of each part of the private ranges that rules tell apart. */
  nodeAddresses?: string[];
}

type Verdict = 'allow' | 'deny' | 'pass' | undefined;
/** Which side of a connection. */
export type Direction = 'ingress' | 'egress';

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}
interface Peer {
  namespaceSelector?: Selector;
  podSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
  namespaces?: Selector;
  pods?: { namespaceSelector: Selector; podSelector: Selector };
  networks?: string[];
  domainNames?: string[];
}
interface Range {
  start: number;
  end: number;
}
interface Over {
  destinationPort?: { number?: number; range?: Range };
}
interface Port {
  protocol?: string;
  port?: number | string;
  endPort?: number;
  portNumber?: { protocol: string; port: number };
  portRange?: Range & { protocol: string };
  namedPort?: string;
  destinationNamedPort?: string;
  tcp?: Over;
  udp?: Over;
  sctp?: Over;
}
interface Rule {
  action?: string;
  from?: Peer[];
  to?: Peer[];
  ports?: Port[];
  protocols?: Port[];
}
/** A policy of any kind, as far as it decides. */
export interface Policy {
  kind: string;
  metadata: { namespace?: string };
  spec: {
    tier?: string;
    priority?: number;
    subject?: Peer;
    podSelector?: Selector;
    policyTypes?: string[];
    ingress?: Rule[];
    egress?: Rule[];
  };
}

/** Whether a connection is allowed: the source must be let out, and the destination must let it in. */
export function isAllowed(world: World, source: End, destination: End, protocol: string, port: number): boolean {
  const to = { destination, protocol, port };
  return lets(world, 'egress', source, destination, to) && lets(world, 'ingress', destination, source, to);
}

/** What a connection is to. */
export type Traffic = { destination: End; protocol: string; port: number };

/** Whether one direction of an end lets a connection pass. */
export function lets(world: World, direction: Direction, subject: End, peer: End, traffic: Traffic): boolean {
  // What is outside, or on the network of its node, is not isolated; as a peer such a pod is its node's address.
  if (!('pod' in subject) || subject.pod.onHost === true) return true;
  if ('pod' in peer && peer.pod.onHost === true)
    return (world.nodeAddresses ?? []).some((address) => {
      const node = { address };
      const to = traffic.destination === peer ? { ...traffic, destination: node } : traffic;
      return lets(world, direction, subject, node, to);
    });
  const { pod } = subject;
  const on = (tier: string): Policy[] =>
    world.policies
      .filter((policy) => tierOf(policy) === tier && isSubject(world, policy, pod))
      .sort((a, b) => (a.spec.priority ?? 0) - (b.spec.priority ?? 0));
  const first = (policies: Policy[]): Verdict => {
    for (const policy of policies)
      for (const rule of policy.spec[direction] ?? [])
        if (meets(world, policy, rule, direction, peer, traffic)) return VERDICTS[rule.action ?? ''];
    return undefined;
  };
  const admin = first(on('admin'));
  if (admin === 'allow' || admin === 'deny') return admin === 'allow';
  // "If a pod is selected by at least one policy of a direction, it rejects what no such policy allows."
  const isolating = on('network').filter((policy) => isolates(policy, direction));
  if (isolating.length > 0)
    return isolating.some((policy) =>
      (policy.spec[direction] ?? []).some((rule) => meets(world, policy, rule, direction, peer, traffic)),
    );
  return first(on('baseline')) !== 'deny';
}

const VERDICTS: Record<string, Verdict> = { Allow: 'allow', Accept: 'allow', Deny: 'deny', Pass: 'pass' };

function tierOf(policy: Policy): string {
  if (policy.kind === 'NetworkPolicy') return 'network';
  if (policy.kind === 'ClusterNetworkPolicy') return policy.spec.tier!.toLowerCase();
  return policy.kind === 'AdminNetworkPolicy' ? 'admin' : 'baseline';
}

function isolates(policy: Policy, direction: Direction): boolean {
  const types = policy.spec.policyTypes;
  if (types !== undefined) return types.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
  return direction === 'ingress' || (policy.spec.egress ?? []).length > 0;
}

type Pod = Extract<End, { pod: unknown }>['pod'];

function isSubject(world: World, policy: Policy, pod: Pod): boolean {
  if (policy.kind === 'NetworkPolicy')
    return policy.metadata.namespace === pod.namespace && selects(policy.spec.podSelector, pod.labels);
  return isPeer(world, policy, policy.spec.subject!, { pod });
}

function meets(world: World, policy: Policy, rule: Rule, direction: Direction, peer: End, traffic: Traffic): boolean {
  const peers = rule[direction === 'ingress' ? 'from' : 'to'] ?? [];
  const ports = [...(rule.ports ?? []), ...(rule.protocols ?? [])];
  return (
    (peers.length === 0 || peers.some((one) => isPeer(world, policy, one, peer))) &&
    (ports.length === 0 || ports.some((one) => isPort(one, traffic)))
  );
}

function isPeer(world: World, policy: Policy, rule: Peer, end: End): boolean {
  // "Domain names are only for rules that allow"; every address is in a block of all of them.
  if ('host' in end)
    return (
      (rule.domainNames ?? []).some(
        (name) => name === end.host || (name.startsWith('*') && end.host.endsWith(name.slice(1))),
      ) ||
      [...(rule.networks ?? []), ...(rule.ipBlock === undefined ? [] : [rule.ipBlock.cidr])].some((cidr) =>
        cidr.endsWith('/0'),
      )
    );
  if (rule.domainNames !== undefined) return false;
  if ('address' in end) {
    if (rule.ipBlock !== undefined)
      return (
        holds(rule.ipBlock.cidr, end.address) && !(rule.ipBlock.except ?? []).some((one) => holds(one, end.address))
      );
    return (rule.networks ?? []).some((one) => holds(one, end.address));
  }
  if (rule.ipBlock !== undefined && end.pod.address !== undefined)
    return isPeer(world, policy, rule, { address: end.pod.address });
  // "If you Accept or Deny traffic to 0.0.0.0/0, that will allow or deny all IPv4 pod-to-pod traffic as well."
  if (rule.networks !== undefined) return policy.kind === 'ClusterNetworkPolicy' && rule.networks.includes('0.0.0.0/0');
  if (rule.ipBlock !== undefined) return false;
  const { namespace, labels } = end.pod;
  const ofNamespace = world.namespaces[namespace]!;
  if (rule.namespaces !== undefined) return selects(rule.namespaces, ofNamespace);
  if (rule.pods !== undefined)
    return selects(rule.pods.namespaceSelector, ofNamespace) && selects(rule.pods.podSelector, labels);
  const inNamespace =
    rule.namespaceSelector === undefined
      ? namespace === policy.metadata.namespace
      : selects(rule.namespaceSelector, ofNamespace);
  return inNamespace && selects(rule.podSelector, labels);
}

function isPort(rule: Port, { destination, protocol, port }: Traffic): boolean {
  const named = (name: string, of?: string): boolean =>
    'pod' in destination &&
    destination.pod.ports.some((one) => one.name === name && one.protocol === protocol && one.port === port) &&
    (of === undefined || of === protocol);
  if (rule.namedPort !== undefined) return named(rule.namedPort);
  if (rule.destinationNamedPort !== undefined) return named(rule.destinationNamedPort);
  if (rule.portNumber !== undefined) return rule.portNumber.protocol === protocol && rule.portNumber.port === port;
  if (rule.portRange !== undefined)
    return (
      (rule.portRange.protocol ?? 'TCP') === protocol && rule.portRange.start <= port && port <= rule.portRange.end
    );
  const over = (['tcp', 'udp', 'sctp'] as const).find((one) => rule[one] !== undefined);
  if (over !== undefined) {
    const { number, range } = rule[over]!.destinationPort ?? {};
    if (over.toUpperCase() !== protocol) return false;
    return number !== undefined ? number === port : range === undefined || (range.start <= port && port <= range.end);
  }
  if (typeof rule.port === 'string') return named(rule.port, rule.protocol ?? 'TCP');
  if ((rule.protocol ?? 'TCP') !== protocol) return false;
  return rule.port === undefined || (rule.port <= port && port <= (rule.endPort ?? rule.port));
}

function selects(selector: Selector | undefined, labels: Record<string, string>): boolean {
  const equal = Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return (
    equal &&
    (selector?.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      if (operator === 'Exists') return key in labels;
      if (operator === 'DoesNotExist') return !(key in labels);
      return operator === 'In'
        ? key in labels && values.includes(labels[key] ?? '')
        : !values.includes(labels[key] ?? '');
    })
  );
}

/** Compares the leading bits of addresses that are written in full (`a.b.c.d`, or eight groups). */
function holds(cidr: string, address: string): boolean {
  const [network = '', length = ''] = cidr.split('/');
  if (network.includes(':') !== address.includes(':')) return false;
  return bitsOf(network).slice(0, Number(length)) === bitsOf(address).slice(0, Number(length));
}

function bitsOf(address: string): string {
  if (!address.includes(':'))
    return address
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  return address
    .split(':')
    .map((part) => Number.parseInt(part, 16).toString(2).padStart(16, '0'))
    .join('');
}
