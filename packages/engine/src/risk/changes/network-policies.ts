import type { Workload } from '@breakwater/model';
import { compileIngress, type Flow, neededFlows } from '../../least-privilege/index.ts';
import type { EstateFacts } from '../graph/index.ts';
import { editableWorkloads, nodeOf, type Proposer, shortName } from './proposal.ts';

/** Who is known to call a workload. */
interface Callers {
  workloads: Workload[];
  /** Whether anybody else is: controllers, collectors, whoever is outside. */
  others: boolean;
}

function callersOf(workload: Workload, flows: readonly Flow[], byId: ReadonlyMap<string, Workload>): Callers {
  const ids = new Set(flows.flatMap(({ from }) => (from.kind === 'workload' ? [from.id] : [])));
  const workloads = [...ids].filter((id) => id !== workload.id).map((id) => byId.get(id)!);
  return { workloads, others: flows.some(({ from }) => from.kind !== 'workload') };
}

function detail(workload: Workload, { workloads, others }: Callers): string {
  const named = workloads.map(shortName).join(', ');
  const who = workloads.length === 0 ? 'no other workload' : `${named}, which name it in their configuration`;
  const open = others ? ', and whoever is meant to call it from outside, on those ports' : '';
  return (
    `A new NetworkPolicy admits ${who}${open}; everything else is refused. Check for callers that find ` +
    `${shortName(workload)} in other ways (discovery, jobs, administrators). It takes effect only where the network plugin enforces policies.`
  );
}

/**
 * Admits to a workload only those who are known to need it, on the ports that they need: the way in of what is compiled as
 * least privilege. A workload that nobody is known to call gets none: nothing is known about its design.
 */
export const proposeNetworkPolicies: Proposer = (facts: EstateFacts) => {
  const { flows } = neededFlows(facts);
  const byId = new Map(facts.workloads.map((workload) => [workload.id, workload]));
  const into = Map.groupBy(flows, ({ to }) => (to.kind === 'workload' ? to.id : ''));
  const policies = compileIngress({ ...facts, flows });
  return editableWorkloads(facts).flatMap((workload) => {
    const beside = workload.definitions[0]?.source;
    const callers = callersOf(workload, into.get(workload.id) ?? [], byId);
    const object = policies.get(workload.id);
    if (beside === undefined || object === undefined || !(callers.others || callers.workloads.length > 0)) return [];
    if (Object.keys(workload.podLabels).length === 0) return [];
    return {
      change: {
        id: `network-policy:${workload.id}`,
        title: `Admit only known callers to ${shortName(workload)}`,
        detail: detail(workload, callers),
        workloads: [workload.id],
        edits: [{ target: 'new-object' as const, fileName: `${workload.name}-network-policy.yaml`, beside, object }],
        afterRebuild: false,
      },
      cuts: [{ to: nodeOf(workload), kinds: ['exploit', 'reach'] }],
      alike: [
        { key: `network-policy:${workload.cluster}`, title: (workloads) => `Admit only known callers to ${workloads}` },
      ],
    };
  });
};
