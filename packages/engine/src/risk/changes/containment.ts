import type { AttackGraph } from '@breakwater/model';
import type { EstateFacts } from '../graph/index.ts';
import { proposeFewerCapabilities } from './capabilities.ts';
import { proposeOwnNamespaces } from './host-namespaces.ts';
import { proposeNoHostPaths } from './host-paths.ts';
import type { Proposal, Proposer } from './proposal.ts';
import { proposeUnprivileged } from './unprivileged.ts';

const parts: readonly Proposer[] = [
  proposeUnprivileged,
  proposeOwnNamespaces,
  proposeNoHostPaths,
  proposeFewerCapabilities,
];

/** Parts that a title names; the detail names all. */
const NAMED = 3;

/** Titles of the parts as one clause: "Remove privileged from a in shop/b" loses the workload that the whole names. */
function what({ change }: Proposal): string {
  return change.title.replace(/^Remove /, '').replace(/ (?:from|in) \S+\/\S+$/, '');
}

/**
 * Closes every way from a workload to its node at once. Where several lie open side by side, each alone removes almost
 * nothing: an attacker takes the next one.
 */
export const proposeContainment: Proposer = (facts: EstateFacts, graph: AttackGraph) => {
  const proposals = parts.flatMap((propose) => propose(facts, graph));
  const byWorkload = Map.groupBy(proposals, ({ change }) => change.workloads[0]!);
  const names = new Map(facts.workloads.map((workload) => [workload.id, `${workload.namespace}/${workload.name}`]));
  return [...byWorkload].flatMap(([workload, ways]) => {
    if (ways.length < 2) return [];
    const more = ways.length > NAMED ? `; ${ways.length - NAMED} more` : '';
    return {
      change: {
        id: `contain:${workload}`,
        title: `Close the ${ways.length} ways from ${names.get(workload)} to its node: ${ways.slice(0, NAMED).map(what).join('; ')}${more}`,
        detail: ways.map(({ change }) => `${change.title}. ${change.detail}`).join('\n'),
        workloads: [workload],
        edits: ways.flatMap(({ change }) => change.edits),
        afterRebuild: false,
      },
      cuts: ways.flatMap(({ cuts }) => cuts),
    };
  });
};
