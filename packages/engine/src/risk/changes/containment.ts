import type { Workload } from '@breakwater/model';
import { isDangerousCapability } from '../../inventory/index.ts';
import type { EstateFacts } from '../graph/index.ts';
import { capabilitiesDetail, proposeFewerCapabilities } from './capabilities.ts';
import { namespacesDetail, proposeOwnNamespaces, sharedNamespaces } from './host-namespaces.ts';
import { hostPathsDetail, proposeNoHostPaths } from './host-paths.ts';
import type { Proposer } from './proposal.ts';
import { proposeUnprivileged, unprivilegedDetail } from './unprivileged.ts';

const parts: readonly Proposer[] = [
  proposeUnprivileged,
  proposeOwnNamespaces,
  proposeNoHostPaths,
  proposeFewerCapabilities,
];

/** Ways of one kind, in words. */
interface Ways {
  count: number;
  /** For a title: "13 host paths". */
  short: string[];
  /** For a detail: "the host paths /etc, /var". */
  long: string[];
  check: string;
}

function listed(words: string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function waysOf(workload: Workload): Ways[] {
  const { containers, volumes } = workload;
  const namespaces = sharedNamespaces(workload);
  const paths = volumes.flatMap(({ kind, from, name }) => (kind === 'hostPath' ? [from ?? name] : []));
  const added = containers.flatMap(({ security }) => security.capabilitiesAdded);
  const capabilities = [...new Set(added.filter(isDangerousCapability))];
  const path = paths.length === 1 ? `the host path ${paths[0]}` : undefined;
  const ways: Ways[] = [
    {
      count: containers.some(({ security }) => security.privileged) ? 1 : 0,
      short: ['privileged'],
      long: ['privileged'],
      check: unprivilegedDetail,
    },
    {
      count: namespaces.length,
      short: namespaces,
      long: namespaces,
      check: namespacesDetail(workload),
    },
    {
      count: paths.length,
      short: [path ?? `${paths.length} host paths`],
      long: [path ?? `the host paths ${paths.join(', ')}`],
      check: hostPathsDetail,
    },
    {
      count: capabilities.length,
      short: capabilities,
      long: capabilities,
      check: capabilitiesDetail,
    },
  ];
  return ways.filter(({ count }) => count > 0);
}

/**
 * Closes every way from a workload to its node at once. Where several lie open side by side, each alone removes almost
 * nothing: an attacker takes the next one.
 */
export const proposeContainment: Proposer = (facts: EstateFacts, graph) => {
  const proposals = parts.flatMap((propose) => propose(facts, graph));
  const byWorkload = Map.groupBy(proposals, ({ change }) => change.workloads[0]!);
  const workloads = new Map(facts.workloads.map((workload) => [workload.id, workload]));
  return [...byWorkload].flatMap(([id, closings]) => {
    const workload = workloads.get(id);
    if (closings.length < 2 || workload === undefined) return [];
    const ways = waysOf(workload);
    const count = ways.reduce((sum, way) => sum + way.count, 0);
    return {
      change: {
        id: `contain:${id}`,
        title: `Close the ${count} ways from ${workload.namespace}/${workload.name} to its node (${listed(ways.flatMap(({ short }) => short))})`,
        detail: [`Removes ${listed(ways.flatMap(({ long }) => long))}.`, ...ways.map(({ check }) => check)].join(' '),
        workloads: [id],
        edits: closings.flatMap(({ change }) => change.edits),
        afterRebuild: false,
      },
      cuts: closings.flatMap(({ cuts }) => cuts),
    };
  });
};
