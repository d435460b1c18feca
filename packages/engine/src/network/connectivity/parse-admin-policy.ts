import type { Json, JsonObject, ManifestObject } from '@breakwater/model';
import { fieldAt, fieldOf, listOf, objectOf } from '../../json/index.ts';
import { type AddressSpan, parseCidr } from '../address.ts';
import { InvalidPolicy, parseSelector } from '../selector.ts';
import { parseDomainName } from './domain-names.ts';
import { holdsFamily } from './external-ranges.ts';
import { parseAdminPorts } from './parse-admin-ports.ts';
import type { Action, Direction, Policy, Rule, RulePeer, Tier } from './policy.ts';
import { isPodPeer, type PodPeer } from './workload-classes.ts';

const ACTIONS: Record<string, Action> = { Allow: 'allow', Accept: 'allow', Deny: 'deny', Pass: 'pass' };
const HIGHEST_PRIORITY = 1000;

/** Names and verbs of one kind of policy of network-policy-api. */
interface Kind {
  tier: (spec: JsonObject) => Tier;
  actions: readonly string[];
  prioritised: boolean;
  /** How long its lists may be: of rules, peers, ports, networks. */
  most: number;
  /** "Cluster-internal traffic will be checked against the rule as well", where it names networks. */
  networksHoldPods: boolean;
  /** Its API refuses what those before it let pass: ranges of one port, protocols without a port, missing selectors. */
  strict: boolean;
}

const KINDS: Record<string, Kind> = {
  AdminNetworkPolicy: {
    tier: () => 'admin',
    actions: ['Allow', 'Deny', 'Pass'],
    prioritised: true,
    most: 100,
    networksHoldPods: false,
    strict: false,
  },
  BaselineAdminNetworkPolicy: {
    tier: () => 'baseline',
    actions: ['Allow', 'Deny'],
    prioritised: false,
    most: 100,
    networksHoldPods: false,
    strict: false,
  },
  ClusterNetworkPolicy: {
    tier: tierOf,
    actions: ['Accept', 'Deny', 'Pass'],
    prioritised: true,
    most: 25,
    networksHoldPods: true,
    strict: true,
  },
};

/** Every pod that is not on the network of its node. */
const ANY_POD: PodPeer = { namespaces: { requirements: [], key: '' }, pods: { requirements: [], key: '' } };

/** Whether an object is a policy of network-policy-api. */
export function isAdminPolicy({ kind, apiVersion }: ManifestObject): boolean {
  return Object.hasOwn(KINDS, kind) && apiVersion.startsWith('policy.networking.k8s.io/');
}

/** Reads an AdminNetworkPolicy, BaselineAdminNetworkPolicy or ClusterNetworkPolicy. @throws InvalidPolicy */
export function parseAdminPolicy(object: ManifestObject): Policy {
  const kind = KINDS[object.kind]!;
  const spec = objectOf(fieldOf(object.object, 'spec'));
  if (spec === undefined) throw new InvalidPolicy('it has no spec');
  if (object.kind === 'BaselineAdminNetworkPolicy' && object.name !== 'default')
    throw new InvalidPolicy('its name is not default, which is the only one that there may be');
  const subject = parseSubject(fieldOf(spec, 'subject'), 'spec.subject');
  if (!isPodPeer(subject)) throw new InvalidPolicy('spec.subject selects no pods');
  return {
    kind: object.kind,
    namespace: '',
    name: object.name,
    tier: kind.tier(spec),
    priority: kind.prioritised ? priorityOf(spec) : 0,
    subject: { namespaces: subject.namespaces, pods: subject.pods },
    ingress: parseRules(spec, 'ingress', kind),
    egress: parseRules(spec, 'egress', kind),
    place: object.place,
  };
}

function tierOf(spec: JsonObject): Tier {
  const tier = fieldOf(spec, 'tier');
  if (tier === 'Admin') return 'admin';
  if (tier === 'Baseline') return 'baseline';
  throw new InvalidPolicy(`spec.tier is ${JSON.stringify(tier ?? null)}`);
}

function priorityOf(spec: JsonObject): number {
  const priority = fieldOf(spec, 'priority');
  if (typeof priority !== 'number' || !Number.isInteger(priority) || priority < 0 || priority > HIGHEST_PRIORITY)
    throw new InvalidPolicy(`spec.priority is ${JSON.stringify(priority ?? null)}, not 0 to ${HIGHEST_PRIORITY}`);
  return priority;
}

/** Undefined where there are no rules: then the policy says nothing about the direction. */
function parseRules(spec: JsonObject, direction: Direction, kind: Kind): Rule[] | undefined {
  const value = fieldOf(spec, direction) ?? null;
  if (value !== null && !Array.isArray(value)) throw new InvalidPolicy(`spec.${direction} is not a list`);
  const rules = listOf(value);
  if (rules.length > kind.most) throw new InvalidPolicy(`spec.${direction} has more than ${kind.most} rules`);
  if (rules.length === 0) return undefined;
  return rules.map((rule, index) => parseRule(rule, { direction, kind, index }));
}

function parseRule(value: Json, { direction, kind, index }: { direction: Direction; kind: Kind; index: number }): Rule {
  const where = `spec.${direction}[${index}]`;
  const rule = objectOf(value);
  if (rule === undefined) throw new InvalidPolicy(`${where} is not an object`);
  const action = fieldOf(rule, 'action');
  if (typeof action !== 'string' || !kind.actions.includes(action))
    throw new InvalidPolicy(`${where}.action is ${JSON.stringify(action ?? null)}, not ${kind.actions.join(', ')}`);
  const name = fieldOf(rule, 'name') ?? `#${index + 1}`;
  if (typeof name !== 'string' || name.length > 100)
    throw new InvalidPolicy(`${where}.name is not a text of at most 100 characters`);
  const field = direction === 'ingress' ? 'from' : 'to';
  const peers = listOf(fieldOf(rule, field));
  if (peers.length === 0) throw new InvalidPolicy(`${where}.${field} names nobody`);
  if (peers.length > kind.most) throw new InvalidPolicy(`${where}.${field} has more than ${kind.most} peers`);
  const parsed = peers.flatMap((peer, at) => parsePeer(peer, { direction, kind }, `${where}.${field}[${at}]`));
  if (ACTIONS[action] !== 'allow' && parsed.some((peer) => 'domain' in peer))
    throw new InvalidPolicy(`${where}.to has domain names, which only a rule that allows may have`);
  const ports = parseAdminPorts(rule, where, kind);
  const named = ports?.some((port) => 'name' in port) === true;
  if (kind.strict && named && parsed.some((peer) => !isPodPeer(peer)))
    throw new InvalidPolicy(`${where} names a port for networks, nodes or domain names, where nothing has that name`);
  const everyPod = kind.networksHoldPods && parsed.some((peer) => 'block' in peer && peer.block.some(isEveryFour));
  return { name, action: ACTIONS[action]!, peers: everyPod ? [...parsed, ANY_POD] : parsed, ports };
}

/** Whether a span holds every address of version 4, pods' among them. */
function isEveryFour(span: AddressSpan): boolean {
  return span.family === 4 && holdsFamily([span]);
}

function parseSubject(value: Json | undefined, where: string): RulePeer {
  const [subject, ...more] = parsePeer(
    value ?? null,
    { direction: 'ingress', kind: KINDS['AdminNetworkPolicy']! },
    where,
  );
  if (subject === undefined || more.length > 0) throw new InvalidPolicy(`${where} selects no pods`);
  return subject;
}

/** One peer is one of its kinds. */
function parsePeer(
  value: Json,
  { direction, kind: own }: { direction: Direction; kind: Kind },
  where: string,
): RulePeer[] {
  const peer = objectOf(value);
  const allowed = ['namespaces', 'pods', ...(direction === 'egress' ? ['nodes', 'networks', 'domainNames'] : [])];
  const set = peer === undefined ? [] : Object.keys(peer).filter((key) => (fieldOf(peer, key) ?? null) !== null);
  if (set.length !== 1 || !allowed.includes(set[0]!))
    throw new InvalidPolicy(
      `${where} has ${set.join(', ') || 'nothing'} where exactly one of ${allowed.join(', ')} stands`,
    );
  const [kind] = set;
  const given = fieldOf(peer, kind!)!;
  switch (kind) {
    case 'namespaces':
      return [{ namespaces: parseSelector(given, `${where}.namespaces`), pods: parseSelector({}, where) }];
    case 'pods':
      return [parsePods(given, own, `${where}.pods`)];
    case 'nodes':
      return [{ nodes: parseSelector(given, `${where}.nodes`) }];
    case 'networks':
      return parseNetworks(given, own, `${where}.networks`);
    default:
      return parseDomains(given, own, `${where}.domainNames`);
  }
}

function parsePods(value: Json, { strict }: Kind, where: string): RulePeer {
  const pods = objectOf(value);
  if (pods === undefined) throw new InvalidPolicy(`${where} is not an object`);
  if (strict && fieldOf(pods, 'podSelector') === undefined) throw new InvalidPolicy(`${where}.podSelector is missing`);
  return {
    namespaces: parseSelector(fieldAt(pods, 'namespaceSelector'), `${where}.namespaceSelector`),
    pods: parseSelector(fieldAt(pods, 'podSelector'), `${where}.podSelector`),
  };
}

function parseNetworks(value: Json, { most }: Kind, where: string): RulePeer[] {
  const networks = listOf(value);
  if (networks.length === 0) throw new InvalidPolicy(`${where} names no network`);
  if (networks.length > most) throw new InvalidPolicy(`${where} has more than ${most} networks`);
  return networks.map((network, at) => {
    const span = typeof network === 'string' ? parseCidr(network) : undefined;
    if (span === undefined) throw new InvalidPolicy(`${where}[${at}] is ${JSON.stringify(network)}, which is no CIDR`);
    return { block: [span] };
  });
}

function parseDomains(value: Json, { most }: Kind, where: string): RulePeer[] {
  const names = listOf(value);
  if (names.length === 0) throw new InvalidPolicy(`${where} names no host`);
  if (names.length > most) throw new InvalidPolicy(`${where} has more than ${most} names`);
  return names.map((name, at) => {
    const domain = typeof name === 'string' ? parseDomainName(name) : undefined;
    if (domain === undefined)
      throw new InvalidPolicy(`${where}[${at}] is ${JSON.stringify(name)}, which is no domain name`);
    return { domain };
  });
}
