import type { Exposure, Workload } from '@breakwater/model';
import { runningContainers } from '../../inventory/running-containers.ts';
import { holdsOther, type Tenancy } from '../../tenancy/index.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { nodeId, workloadLabel } from './names.ts';
import { type SettingName, settingReason } from './settings.ts';
import type { Values } from './values.ts';

/** What a cluster's workloads are worth, and the ways into it. */
export interface StarvingFacts {
  values: Values;
  exposures: readonly Exposure[];
}

/**
 * From workloads without limits to the outage of what other tenants run beside them. Nothing is taken over, so the outage
 * is worth a small share of what may go down, and leads nowhere: the memory of one node, with what stands on it alone.
 */
export function addStarvedNodes(
  builder: GraphBuilder,
  cluster: string,
  tenancy: Tenancy,
  { values, exposures }: StarvingFacts,
): void {
  const { workloads } = tenancy;
  const hungry = workloads.flatMap((workload, position) => (mayStarveOthers(tenancy, position) ? [workload] : []));
  if (hungry.length === 0) return;
  const value = outageValue(builder, tenancy, values);
  if (value === 0) return;
  const reason = `what other tenants run once on a node: ${settingReason('outageShare')}`;
  const outage = builder.node(nodeId.outage(cluster), 'asset', 'an outage of what shares its node', value, reason);
  const starve = (id: string, from: string, setting: SettingName, workload: Workload, phrase: string): void => {
    const { name } = runningContainers(workload).find(({ limits }) => !Object.hasOwn(limits, 'memory'))!;
    builder.edge({
      id,
      from,
      to: outage,
      kind: 'host',
      probability: builder.number(setting),
      phrase,
      reason: `container ${name} has no limit of memory, its namespace no quota: ${settingReason(setting)}`,
      mitigation: `a limit of memory for container ${name}, or a LimitRange and a ResourceQuota for ${workload.namespace}`,
      places: workload.definitions.slice(0, 1),
    });
  };
  for (const workload of hungry)
    starve(`starves|${workload.id}`, nodeId.workload(workload.id), 'starvedNode', workload, 'uses up its node');
  const open = new Set(exposures.filter(({ from }) => from === 'internet').map(({ workload }) => workload));
  for (const workload of hungry)
    if (open.has(workload.id))
      starve(
        `flood|${workload.id}`,
        nodeId.internet,
        'floodedService',
        workload,
        `floods ${workloadLabel(workload)}, which has no limit`,
      );
}

function mayStarveOthers(tenancy: Tenancy, position: number): boolean {
  if (!tenancy.mayStarve(position)) return false;
  return othersNear(tenancy, position);
}

/** Whether pods of another tenant may run beside those of a workload. */
function othersNear({ tenants, neighbours, placements }: Tenancy, position: number): boolean {
  return holdsOther(neighbours.tenantsNear(placements.classOf[position]!), tenants.ofWorkload[position]!);
}

/** Of the workloads with one pod that share nodes with other tenants, as many as a few nodes hold: one node's part. */
function outageValue(builder: GraphBuilder, tenancy: Tenancy, values: Values): number {
  const nodes = builder.number('smallestCluster');
  const alone = tenancy.workloads.flatMap((workload, position) =>
    workload.kind !== 'DaemonSet' && (workload.replicas ?? 1) === 1 && othersNear(tenancy, position)
      ? [values.workload(workload).value]
      : [],
  );
  const most = alone.sort((a, b) => b - a).slice(0, nodes * builder.number('podsPerNode'));
  return (builder.number('outageShare') * most.reduce((sum, value) => sum + value, 0)) / nodes;
}
