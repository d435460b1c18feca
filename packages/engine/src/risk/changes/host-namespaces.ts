import type { Workload } from '@breakwater/model';
import { editableWorkloads, nodeOf, type Proposer, removeField, shortName, towardsNode } from './proposal.ts';

const namespaces = ['hostPID', 'hostIPC', 'hostNetwork'] as const;

const losses = {
  hostPID: 'no longer sees the processes of the node',
  hostIPC: 'no longer shares memory with processes of the node',
  hostNetwork:
    'gets an address of its own instead of the addresses of the node: check who reaches it by a node address',
};

/** Namespaces of the node that a pod uses, by their fields. */
export function sharedNamespaces(workload: Workload): (typeof namespaces)[number][] {
  return namespaces.filter((namespace) => workload[namespace]);
}

/** What taking them costs, and what to check. */
export function namespacesDetail(workload: Workload): string {
  return `The pod ${sharedNamespaces(workload)
    .map((namespace) => losses[namespace])
    .join('; it ')}.`;
}

/** Takes the namespaces of the node from pods. */
export const proposeOwnNamespaces: Proposer = (facts) =>
  editableWorkloads(facts).flatMap((workload) => {
    const shared = sharedNamespaces(workload);
    if (shared.length === 0) return [];
    return {
      change: {
        id: `own-namespaces:${workload.id}`,
        title: `Remove ${shared.join(', ')} from ${shortName(workload)}`,
        detail: namespacesDetail(workload),
        workloads: [workload.id],
        edits: shared.map((namespace) => removeField(workload, [...workload.podSpecPointer, namespace])),
        afterRebuild: false,
      },
      cuts: [{ from: nodeOf(workload), kinds: ['escape', 'host'] }, { to: nodeOf(workload) }],
      alike: [
        {
          key: `own-namespaces:${workload.cluster}`,
          title: (workloads) => `Remove the namespaces of the node from ${workloads}`,
        },
        towardsNode(workload.cluster),
      ],
    };
  });
