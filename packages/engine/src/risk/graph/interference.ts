import type { Workload } from '@breakwater/model';
import { type Listener, type Listening, Tenancy } from '../../tenancy/index.ts';
import type { EstateFacts } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { nodeId, workloadLabel } from './names.ts';
import { type SettingName, settingReason } from './settings.ts';
import { addStarvedNodes } from './starved-nodes.ts';
import { addTakenCallers } from './taken-callers.ts';
import type { Values } from './values.ts';

/** A workload whose traffic tells who reads it something. */
interface Overheard {
  position: number;
  listener: Listener;
}

/** What workloads that share nodes, hosts and addresses do to each other, in each cluster. */
export function addInterference(builder: GraphBuilder, facts: EstateFacts, values: Values): void {
  const exposures = Map.groupBy(facts.reachability.exposures, ({ workload }) => workload);
  for (const [cluster, workloads] of Map.groupBy(facts.workloads, (workload) => workload.cluster)) {
    /* Where networks are made by hand, who shares one is told elsewhere. */
    if (workloads.some(({ networks }) => networks !== undefined)) continue;
    const objects = facts.objects.filter((object) => object.cluster === cluster);
    const tenancy = new Tenancy({ objects, workloads });
    addOverhearing(builder, cluster, tenancy);
    addTakenCallers(builder, cluster, tenancy);
    const own = workloads.flatMap(({ id }) => exposures.get(id) ?? []);
    addStarvedNodes(builder, cluster, tenancy, { values, exposures: own });
  }
}

/**
 * From containers that may forge packets to what their neighbours say in plain text: all of it meets in one hub for each
 * cluster, so edges grow with workloads and not with pairs. Only workloads that may run on one node take part.
 */
function addOverhearing(builder: GraphBuilder, cluster: string, tenancy: Tenancy): void {
  const { workloads } = tenancy;
  const listening = workloads.map((_, position) => tenancy.listeningOf(position));
  const readers = listening.flatMap((found, position) => (found === undefined ? [] : [position]));
  if (readers.length === 0) return;
  const near = placementsNear(tenancy, readers);
  const overheard = workloads.flatMap((_, position): Overheard[] => {
    const listener = tenancy.plaintext.plainPortOf(position);
    return listener !== undefined && near.has(tenancy.placements.classOf[position]!) ? [{ position, listener }] : [];
  });
  if (overheard.length === 0) return;
  const wire = builder.node(nodeId.wire(cluster), 'hub', 'plain text on the nodes');
  const heard = placementsNear(
    tenancy,
    overheard.map(({ position }) => position),
  );
  for (const position of readers)
    if (heard.has(tenancy.placements.classOf[position]!))
      addReader(builder, wire, workloads[position]!, listening[position]!, tenancy.segment.plugin);
  const nodes = nodesOf(builder, tenancy);
  for (const { position, listener } of overheard) addOverheard(builder, wire, workloads[position]!, listener, nodes);
}

/** Classes of placement whose pods may run beside some workloads. */
function placementsNear({ neighbours, placements }: Tenancy, positions: readonly number[]): ReadonlySet<number> {
  const own = new Set(positions.map((position) => placements.classOf[position]!));
  return new Set([...own].flatMap((placement) => neighbours.classesNear(placement)));
}

function addReader(
  builder: GraphBuilder,
  wire: string,
  workload: Workload,
  { from, certain, containers }: Listening,
  plugin: string,
): void {
  const setting: SettingName = from === 'node' ? 'listenOnNode' : certain ? 'listenOnBridge' : 'listenOnUnknown';
  const what = plugin === '' ? '' : ` (${plugin})`;
  builder.edge({
    id: `listen|${workload.id}`,
    from: nodeId.workload(workload.id),
    to: wire,
    kind: 'reach',
    probability: builder.number(setting),
    ...(certain ? {} : { range: [0, builder.number('listenOnBridge')] as [number, number] }),
    phrase:
      from === 'node'
        ? 'listens on the network of its node'
        : `answers in the name of its neighbours: container ${containers[0]} keeps NET_RAW`,
    reason: `${settingReason(setting)}${what}`,
    places: workload.definitions.slice(0, 1),
  });
}

/** Nodes in view, else as many as the pods fill. */
function nodesOf(builder: GraphBuilder, { objects, workloads }: Tenancy): number {
  const written = objects.filter(({ kind, apiVersion }) => kind === 'Node' && apiVersion === 'v1').length;
  const pods = workloads.reduce((sum, { replicas }) => sum + Math.max(1, replicas ?? 1), 0);
  const filled = 2 ** Math.ceil(Math.log2(pods / builder.number('podsPerNode')));
  return written > 0 ? written : Math.max(builder.number('smallestCluster'), filled);
}

/** Who listens hears the pods of its own node alone. */
function addOverheard(
  builder: GraphBuilder,
  wire: string,
  workload: Workload,
  listener: Listener,
  nodes: number,
): void {
  const setting: SettingName = listener.data ? 'overheardData' : 'overheardWeb';
  const share = workload.kind === 'DaemonSet' ? 1 : Math.min(1, Math.max(1, workload.replicas ?? 1) / nodes);
  const spoken = listener.protocol === '' ? '' : ` ${listener.protocol}`;
  builder.edge({
    id: `overheard|${workload.id}`,
    from: wire,
    to: nodeId.workload(workload.id),
    kind: 'credential',
    probability: builder.number(setting) * share,
    phrase: `reads what is said to ${workloadLabel(workload)} in plain${spoken}`,
    reason: `port ${listener.port}: ${settingReason(setting)}${share < 1 ? `; ${Math.max(1, workload.replicas ?? 1)} of its pods on about ${nodes} nodes` : ''}`,
    places: workload.definitions.slice(0, 1),
  });
}
