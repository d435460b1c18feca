import { editableWorkloads, nodeOf, type Proposer, removeField, shortName } from './proposal.ts';

const namespaces = ['hostPID', 'hostIPC', 'hostNetwork'] as const;

const losses = {
  hostPID: 'no longer sees the processes of the node',
  hostIPC: 'no longer shares memory with processes of the node',
  hostNetwork:
    'gets an address of its own instead of the addresses of the node: check who reaches it by a node address',
};

/** Takes the namespaces of the node from pods. */
export const proposeOwnNamespaces: Proposer = (facts) =>
  editableWorkloads(facts).flatMap((workload) => {
    const shared = namespaces.filter((namespace) => workload[namespace]);
    if (shared.length === 0) return [];
    return {
      change: {
        id: `own-namespaces:${workload.id}`,
        title: `Remove ${shared.join(', ')} from ${shortName(workload)}`,
        detail: `The pod ${shared.map((namespace) => losses[namespace]).join('; it ')}.`,
        workloads: [workload.id],
        edits: shared.map((namespace) => removeField(workload, [...workload.podSpecPointer, namespace])),
        afterRebuild: false,
      },
      cuts: [{ from: nodeOf(workload), kinds: ['escape', 'host'] }, { to: nodeOf(workload) }],
    };
  });
