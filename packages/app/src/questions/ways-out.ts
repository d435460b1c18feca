import { type AddressSpan, holdsPublic } from '@breakwater/engine/network';
import {
  type ConnectionSet,
  type Connectivity,
  type ExternalRange,
  explainDirection,
  type Network,
  nameOfNetwork,
  nameOfPolicy,
  Outside,
  type OutsidePassage,
  reachOfNetworks,
  spellSpan,
} from '@breakwater/engine/network/connectivity';
import type { ManifestObject, Place, Workload } from '@breakwater/model';
import { listSome } from './phrases.ts';

/** Workloads that may open the same connections to the Internet, for the same kind of reason. */
export interface WayOut {
  workloads: Workload[];
  /** `any address`, or the ranges. */
  destinations: string;
  /** Whether that is the whole Internet, or nearly. */
  anywhere: boolean;
  /** `every port`, `TCP 443`. */
  ports: string;
  /** What opens it. */
  reason: string;
  places: Place[];
}

/** Ranges named of one way. */
const MOST_RANGES = 4;
/** From this share of the addresses of version 4 on, ranges are nearly all there are. */
const NEARLY_ALL = 0.5;
const ALL_OF_FOUR = 2 ** 32;

/** A way while workloads join it. */
interface Draft extends WayOut {
  why: 'host' | 'free' | 'policies';
  policies: Map<string, Place>;
  /** The network, where it is not the primary one. */
  on: string;
}

/**
 * The ways in which the workloads of one cluster may talk to addresses of the Internet, by every network policy and over
 * every network that leads outside.
 */
export function waysOut(cluster: string, objects: readonly ManifestObject[], workloads: readonly Workload[]): WayOut[] {
  const known = new Map(workloads.map((workload) => [workload.id, workload]));
  const ways = new Map<string, Draft>();
  for (const { network, reach } of reachOfNetworks(cluster, objects, workloads).networks)
    addNetwork(ways, network, reach, known);
  return [...ways.values()]
    .filter((way) => way.workloads.length > 0)
    .map(({ why, policies, on, ...way }) => ({
      ...way,
      reason: `${reasonOf(why, [...policies.keys()])}${on}`,
      places: [...policies.values()].slice(0, 5),
    }))
    .sort((a, b) => b.workloads.length - a.workloads.length);
}

function addNetwork(
  ways: Map<string, Draft>,
  network: Network,
  reach: Connectivity,
  known: ReadonlyMap<string, Workload>,
): void {
  const outside = new Outside(reach);
  const isPublic = new Map(
    reach.endpoints.flatMap((end) => (end.kind === 'external' ? [[end.range, isInternet(end.range)] as const] : [])),
  );
  const all = [...isPublic.values()].filter(Boolean).length;
  const on = network.role === 'primary' ? '' : `, on ${nameOfNetwork(network)}`;
  for (const [number, end] of reach.endpoints.entries()) {
    if (end.kind !== 'workloads') continue;
    const members = end.class.members.flatMap((position) => known.get(reach.workloads[position]!.id) ?? []);
    const passages = outside.passages(number, 'egress').filter(({ range }) => isPublic.get(range));
    const why = end.class.onHost ? 'host' : reach.isRestricted(number, 'egress') ? 'policies' : 'free';
    for (const [connections, own] of Map.groupBy(passages, (passage) => passage.connections)) {
      const way = draftOf(ways, reach, { why, connections, own, all, on });
      way.workloads.push(...members);
      if (why === 'policies') namePolicies(way.policies, reach, number, own[0]!);
    }
  }
}

function isInternet({ domain, spans }: ExternalRange): boolean {
  return domain !== undefined || holdsPublic(spans);
}

interface Passages {
  why: Draft['why'];
  connections: ConnectionSet;
  own: readonly OutsidePassage[];
  /** Number of all public ranges. */
  all: number;
  on: string;
}

function draftOf(ways: Map<string, Draft>, reach: Connectivity, { why, connections, own, all, on }: Passages): Draft {
  const spans = own.flatMap(({ range }) => range.spans);
  const names = own.flatMap(({ range }) => range.domain ?? []);
  const anywhere = own.length === all || shareOfFour(spans) > NEARLY_ALL;
  const destinations =
    own.length === all
      ? 'any address'
      : anywhere
        ? 'nearly any address'
        : listSome([...names, ...spans.map(spellSpan)], MOST_RANGES);
  const key = JSON.stringify([why, connections, destinations, on]);
  const known = ways.get(key);
  if (known !== undefined) return known;
  const ports = spellPorts(reach, connections);
  const policies = new Map<string, Place>();
  const way: Draft = { workloads: [], destinations, anywhere, ports, reason: '', places: [], why, policies, on };
  ways.set(key, way);
  return way;
}

function shareOfFour(spans: readonly AddressSpan[]): number {
  const four = spans.filter(({ family }) => family === 4);
  return four.reduce((sum, { first, last }) => sum + Number(last - first + 1n), 0) / ALL_OF_FOUR;
}

/** Notes the policies that let a workload out. */
function namePolicies(
  policies: Map<string, Place>,
  reach: Connectivity,
  number: number,
  { range }: OutsidePassage,
): void {
  const peer = reach.endpoints.findIndex((end) => end.kind === 'external' && end.range === range);
  for (const { allowed, steps } of explainDirection(reach, number, peer, 'egress')) {
    if (!allowed) continue;
    for (const { policy, does } of steps) if (does === 'allows') policies.set(nameOfPolicy(policy), policy.place);
  }
}

function reasonOf(why: Draft['why'], policies: readonly string[]): string {
  if (why === 'host') return 'on the network of a node, which no policy restricts';
  if (why === 'free') return 'no policy restricts what leaves';
  if (policies.length === 0) return 'no policy that restricts what leaves is about these addresses';
  return `${listSome(policies)} ${policies.length === 1 ? 'lets' : 'let'} it out`;
}

function spellPorts({ connections }: Connectivity, set: ConnectionSet): string {
  const ranges = connections.ranges(set);
  if (connections.of(ranges) === connections.numbers) return 'every port';
  return [...Map.groupBy(ranges, ({ protocol }) => protocol)]
    .map(([protocol, own]) => {
      const ports = own.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join();
      return ports === '1-65535' ? protocol : `${protocol} ${ports}`;
    })
    .join(' ');
}
