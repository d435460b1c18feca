import { editableWorkloads, nodeOf, type Proposer, removeField, shortName, towardsNode } from './proposal.ts';

/** What it costs, and what to check. */
export const unprivilegedDetail =
  'The container loses the devices of the node and all capabilities beyond the usual ones. Check whether it ' +
  'mounts file systems, loads modules or manages the network of the node: then add the one capability it needs.';

/** Takes `privileged` from containers. */
export const proposeUnprivileged: Proposer = (facts) =>
  editableWorkloads(facts).flatMap((workload) => {
    const containers = workload.containers.filter((container) => container.security.privileged);
    if (containers.length === 0) return [];
    const names = containers.map((container) => container.name).join(', ');
    return {
      change: {
        id: `unprivileged:${workload.id}`,
        title: `Remove privileged from ${names} in ${shortName(workload)}`,
        detail: unprivilegedDetail,
        workloads: [workload.id],
        edits: containers.map(({ pointer }) => removeField(workload, [...pointer, 'securityContext', 'privileged'])),
        afterRebuild: false,
      },
      cuts: [{ from: nodeOf(workload), kinds: ['escape'] }],
      alike: [
        { key: `unprivileged:${workload.cluster}`, title: (workloads) => `Remove privileged from ${workloads}` },
        towardsNode(workload.cluster),
      ],
    };
  });
