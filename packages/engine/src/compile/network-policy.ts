import type { Behaviour, BehaviourProfile, JsonObject } from '@breakwater/model';
import { parseAddress } from '../network/index.ts';
import { isPublicAddress } from '../network/services.ts';
import type { CompileTarget, Confinement, ConfineOptions, Judgement, ProfileGap } from './compile-target.ts';
import { type Block, blocksOf, isLoopback, type Peer, parsePeer, parsePort, peersOf } from './profile/peers.ts';
import { gapsOfProfile, metadataOf, subjectOf, withoutSelector } from './profile/subject.ts';

/** Kubernetes' NetworkPolicy: what connects to the pods of a profile, and where they connect. */
export const NETWORK_POLICY: CompileTarget = {
  name: 'network-policy',
  summary: 'NetworkPolicy: connections to and from the pods, enforced by the network plugin',
  refuses: [['connect'], ['listen']],
  refusesAtOnce: true,
  confine,
};

const PROTOCOLS: ReadonlySet<string> = new Set(['TCP', 'UDP', 'SCTP']);

/** Ports that Linux gives to whoever asks for any, which profiles hold as a star. */
const EPHEMERAL = { port: 32_768, endPort: 60_999 };

/** By `443/TCP` the blocks that may be reached there; undefined for any address. */
type Rules = Map<string, Map<string, Block> | undefined>;

function confine(profile: BehaviourProfile, options: ConfineOptions): Confinement {
  const subject = subjectOf(profile, options);
  const missing = withoutSelector(subject);
  const gaps = [...(missing ? [missing] : []), ...gapsOfProfile(profile, ['connect', 'listen']), ...ALWAYS];
  const limitsEgress = profile.dimensions.includes('connect');
  const limitsIngress = profile.dimensions.includes('listen');
  const egress = limitsEgress ? egressOf(profile, gaps) : new Map();
  const ingress = limitsIngress ? ingressOf(profile, gaps) : new Set<string>();
  const policyTypes = [...(limitsIngress ? ['Ingress'] : []), ...(limitsEgress ? ['Egress'] : [])];
  const isWritten = missing === undefined && policyTypes.length > 0;
  const written: JsonObject = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(subject, profile),
    spec: {
      podSelector: { matchLabels: { ...subject.selector } },
      policyTypes,
      ...(limitsIngress ? { ingress: writeIngress(ingress) } : {}),
      ...(limitsEgress ? { egress: writeEgress(egress) } : {}),
    },
  };
  return {
    subject: profile.subject,
    objects: isWritten ? [written] : [],
    edits: [],
    gaps,
    judge: (behaviour) => judge(behaviour, limitsEgress ? egress : undefined, limitsIngress ? ingress : undefined),
  };
}

const ALWAYS: ProfileGap[] = [
  { message: 'It has no audit: it refuses from the moment that it is applied.' },
  { dimension: 'connect', message: 'It is for the pod, not for a program: what one program may reach, all may.' },
  {
    dimension: 'listen',
    message: 'Who calls is not in the profile: open ports are open to everybody (`policy network` closes them).',
  },
];

function egressOf(profile: BehaviourProfile, gaps: ProfileGap[]): Rules {
  const rules: Rules = new Map();
  const { peers, others } = peersOf(profile);
  const names: Peer[] = [];
  for (const peer of peers) {
    if (isLoopback(peer)) continue;
    if (!PROTOCOLS.has(peer.protocol)) {
      others.push(`${peer.host}:${peer.port}/${peer.protocol}`);
      continue;
    }
    const blocks = blocksOf(peer);
    if (blocks === undefined) names.push(peer);
    addRule(rules, peer, blocks);
  }
  if (names.length > 0) {
    for (const protocol of ['TCP', 'UDP']) addRule(rules, { port: '53', protocol }, undefined);
    const named = [...new Set(names.map(({ host, port }) => `${host}:${port}`))];
    gaps.push({
      dimension: 'connect',
      message: `It knows no names: ${listed(named)} became any address on that port, and name servers stay open on port 53.`,
    });
  }
  if (peers.some(({ kind, host }) => kind === 'address' && !isPublicAddress(host))) {
    gaps.push({
      dimension: 'connect',
      message:
        'Addresses inside the cluster are those of today: pods get new ones, and network plugins compare an address of a Service after it is translated (`policy network` selects pods instead).',
    });
  }
  if (others.length > 0)
    gaps.push({ dimension: 'connect', message: `Not of TCP, UDP or SCTP, and so left open: ${listed(others)}.` });
  return rules;
}

function addRule(rules: Rules, { port, protocol }: Pick<Peer, 'port' | 'protocol'>, blocks: Block[] | undefined): void {
  const key = `${port}/${protocol}`;
  const found = rules.get(key);
  if (blocks === undefined || (found === undefined && rules.has(key))) {
    rules.set(key, undefined);
    return;
  }
  rules.set(
    key,
    new Map([...(found ?? []), ...blocks.map((block): [string, Block] => [JSON.stringify(block), block])]),
  );
}

function ingressOf(profile: BehaviourProfile, gaps: ProfileGap[]): Set<string> {
  const ports = new Set<string>();
  for (const { dimension, object } of profile.behaviours) {
    const port = dimension === 'listen' ? parsePort(object) : undefined;
    if (port !== undefined && PROTOCOLS.has(port.protocol)) ports.add(`${port.port}/${port.protocol}`);
    else if (dimension === 'listen') gaps.push({ dimension, message: `${object} is no port of TCP, UDP or SCTP.` });
  }
  return ports;
}

const byPort = (a: string, b: string): number => firstPort(a) - firstPort(b) || (a < b ? -1 : 1);

const firstPort = (key: string): number => (key.startsWith('*') ? EPHEMERAL.port : Number.parseInt(key, 10));

function portOf(key: string): JsonObject {
  const [port = '', protocol = 'TCP'] = key.split('/');
  return port === '*' ? { protocol, ...EPHEMERAL } : { protocol, port: Number(port) };
}

const writeIngress = (ports: ReadonlySet<string>): JsonObject[] =>
  ports.size === 0 ? [] : [{ ports: [...ports].sort(byPort).map(portOf) }];

/** One rule for all ports that lead to the same blocks. */
function writeEgress(rules: Rules): JsonObject[] {
  const keys = [...rules.keys()].sort(byPort);
  const alike = Map.groupBy(keys, (key) => {
    const blocks = rules.get(key);
    return blocks === undefined ? '' : [...blocks.keys()].sort().join(' ');
  });
  return [...alike.values()].map((group): JsonObject => {
    const blocks = rules.get(group[0] as string);
    const ports = group.map(portOf);
    if (blocks === undefined) return { ports };
    const to = [...blocks]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, block]): JsonObject => ({ ipBlock: { ...block } }));
    return { to, ports };
  });
}

function judge(
  { dimension, object }: Behaviour,
  egress: Rules | undefined,
  ingress: ReadonlySet<string> | undefined,
): Judgement {
  if (dimension === 'listen' && ingress !== undefined) {
    const port = parsePort(object);
    return port === undefined ? 'open' : ingress.has(`${port.port}/${port.protocol}`) ? 'allowed' : 'refused';
  }
  const peer = dimension === 'connect' && egress !== undefined ? parsePeer(object) : undefined;
  if (peer === undefined || isLoopback(peer) || !PROTOCOLS.has(peer.protocol)) return 'open';
  const key = `${peer.port}/${peer.protocol}`;
  if (!egress!.has(key)) return 'refused';
  const blocks = egress!.get(key);
  if (blocks === undefined) return 'allowed';
  const wanted = blocksOf(peer);
  if (wanted?.every((block) => blocks.has(JSON.stringify(block))) === true) return 'allowed';
  return peer.kind === 'address' && inClass(peer.host, blocks) ? 'allowed' : 'refused';
}

/** Whether an address of the Internet is in a rule for the whole of it. */
function inClass(address: string, blocks: ReadonlyMap<string, Block>): boolean {
  const whole = parseAddress(address)?.family === 6 ? '::/0' : '0.0.0.0/0';
  return isPublicAddress(address) && [...blocks.values()].some(({ cidr }) => cidr === whole);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
