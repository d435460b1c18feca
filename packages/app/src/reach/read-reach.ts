import { workloadsOf } from '@breakwater/engine/inventory';
import {
  type ConnectionSet,
  Connectivity,
  explain,
  nameOfPolicy,
  spellSpan,
} from '@breakwater/engine/network/connectivity';
import type { Unknown } from '@breakwater/model';
import { readManifests } from '@breakwater/sources/manifests';

/** What one end may open to another. */
export interface ReachRow {
  from: string;
  to: string;
  /** `TCP 80,443 UDP 53`, or `every port`. */
  ports: string;
}

/** Why a part of what one end might open to another is allowed or not. */
export interface ReachReason extends ReachRow {
  allowed: boolean;
  /** `ingress: NetworkPolicy shop/web allows by rule #1`; none where no policy says anything. */
  because: string[];
}

/** What was asked, and what could not be told for certain. */
export interface ReachListing {
  rows: ReachRow[];
  /** Where both ends are asked for: the reasons of every part, allowed or not. */
  reasons: ReachReason[];
  unknowns: Unknown[];
}

/** Which ends are asked for: `web`, `shop/web`, or `outside`. */
export interface ReachQuestion {
  from?: string | undefined;
  to?: string | undefined;
}

/** Reads manifests and tells who can talk to whom in them, by every network policy. Clusters do not reach each other. */
export async function readReach(
  paths: string[],
  question: ReachQuestion,
  signal?: AbortSignal,
): Promise<ReachListing & { objects: number }> {
  const { objects, unknowns } = await readManifests(paths, signal === undefined ? {} : { signal });
  const { workloads, unknowns: unread } = workloadsOf(objects);
  const listing: ReachListing = { rows: [], reasons: [], unknowns: [...unknowns, ...unread] };
  for (const cluster of new Set(workloads.map((workload) => workload.cluster))) {
    const own = {
      objects: objects.filter((one) => one.cluster === cluster),
      workloads: workloads.filter((one) => one.cluster === cluster),
    };
    const {
      rows,
      reasons,
      unknowns: doubts,
    } = reachOf(new Connectivity(cluster, own.objects, own.workloads), question);
    for (const row of rows) listing.rows.push(row);
    listing.reasons.push(...reasons);
    listing.unknowns.push(...doubts);
  }
  return { ...listing, objects: objects.length };
}

/** Who can talk to whom, as far as it is asked. */
export function reachOf(reach: Connectivity, { from, to }: ReachQuestion): ReachListing {
  const ends = reach.endpoints.map((_, number) => namesOf(reach, number));
  const rows: ReachRow[] = [];
  for (const { destination, sources, connections } of reach.groupRows())
    for (const target of reach.groups.destinations[destination]!.ends.flatMap((end) => ends[end]!).filter((name) =>
      isMeant(name, to),
    ))
      for (const source of reach.endsOf(sources))
        for (const name of ends[source]!.filter((one) => one !== target && isMeant(one, from))) {
          if (isOutside(name) && isOutside(target)) continue;
          rows.push({ from: name, to: target, ports: spell(reach, connections) });
        }
  for (const row of gateRows(reach)) if (from === undefined && isMeant(row.to, to)) rows.push(row);
  rows.sort((a, b) => (a.from === b.from ? order(a.to, b.to) : order(a.from, b.from)));
  const reasons = from === undefined || to === undefined ? [] : reasonsOf(reach, ends, { from, to });
  return { rows, reasons, unknowns: [...reach.problems] };
}

/** What Ingresses, Routes and Gateways lead to, where policies let a controller in of which nothing is known. */
function gateRows(reach: Connectivity): ReachRow[] {
  const controller = reach.endpoints.findIndex(({ kind }) => kind === 'stranger');
  return reach.gatePaths.flatMap(({ gate, workload, ports }) => {
    const { namespace, kind, name } = reach.workloads[workload]!;
    const entry = reach.oneWay(reach.classOf[workload]!, controller, 'ingress');
    const through = reach.connections.intersect(entry, reach.connections.of(ports));
    if (through === reach.connections.none) return [];
    return [{ from: gate, to: `${namespace}/${kind}/${name}`, ports: spell(reach, through) }];
  });
}

function reasonsOf(reach: Connectivity, ends: string[][], question: { from: string; to: string }): ReachReason[] {
  const numbers = (wanted: string): [number, string][] =>
    ends.flatMap((names, number) =>
      names.filter((name) => isMeant(name, wanted)).map((name): [number, string] => [number, name]),
    );
  return numbers(question.from).flatMap(([source, from]) =>
    numbers(question.to).flatMap(([destination, to]) => {
      if (from === to || (isOutside(from) && isOutside(to))) return [];
      return explain(reach, source, destination).map(({ connections, allowed, egress, ingress }) => ({
        from,
        to,
        ports: spell(reach, connections),
        allowed,
        because: [egress, ingress].flatMap(({ steps }, at) =>
          steps.map(({ policy, does, rule }) => {
            const said = does === 'selects' ? 'has no rule that allows it' : `${does} by rule ${rule}`;
            return `${at === 0 ? 'egress' : 'ingress'}: ${nameOfPolicy(policy)} ${said}`;
          }),
        ),
      }));
    }),
  );
}

function namesOf(reach: Connectivity, number: number): string[] {
  const end = reach.endpoints[number]!;
  if (end.kind === 'workloads')
    return end.class.members.map((index) => {
      const { namespace, kind, name } = reach.workloads[index]!;
      return `${namespace}/${kind}/${name}`;
    });
  return end.kind === 'external' ? [`outside ${end.range.spans.map(spellSpan).join(', ')}`] : [];
}

const isOutside = (name: string): boolean => name.startsWith('outside ');
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether `shop/Deployment/web` is meant by `web`, `shop/web` or all of it. */
function isMeant(name: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  if (isOutside(name)) return wanted === 'outside';
  const [namespace, , own] = name.split('/');
  return wanted === name || wanted === own || wanted === `${namespace}/${own}`;
}

function spell({ connections }: Connectivity, set: ConnectionSet): string {
  const ranges = connections.ranges(set);
  if (connections.of(ranges) === connections.numbers) return 'every port';
  const byProtocol = Map.groupBy(ranges, ({ protocol }) => protocol);
  return [...byProtocol]
    .map(([protocol, own]) => {
      const ports = own.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join();
      return ports === '1-65535' ? protocol : `${protocol} ${ports}`;
    })
    .join(' ');
}
