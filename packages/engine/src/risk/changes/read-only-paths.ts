import { editableWorkloads, nodeOf, type Proposer, setField, shortName } from './proposal.ts';

/** Lets pods read folders of the node, and write them no more. */
export const proposeReadOnlyPaths: Proposer = (facts) =>
  editableWorkloads(facts).flatMap((workload) => {
    const paths = new Map(workload.volumes.map((volume) => [volume.name, volume]));
    const mounts = workload.containers.flatMap((container) =>
      container.mounts.flatMap((mount, index) => {
        const volume = paths.get(mount.volume);
        if (volume?.kind !== 'hostPath' || mount.readOnly) return [];
        return [{ edit: setField(workload, [...container.pointer, 'volumeMounts', index, 'readOnly'], true), volume }];
      }),
    );
    if (mounts.length === 0) return [];
    const names = [...new Set(mounts.map(({ volume }) => volume.from ?? volume.name))].join(', ');
    return {
      change: {
        id: `read-only-paths:${workload.id}`,
        title: `Mount ${names} read-only in ${shortName(workload)}`,
        detail:
          'The container keeps reading the folders of the node and no longer changes them. A socket stays as open as ' +
          'it is. Check that it writes nothing there.',
        workloads: [workload.id],
        edits: mounts.map(({ edit }) => edit),
        afterRebuild: false,
      },
      cuts: [{ from: nodeOf(workload), kinds: ['escape', 'host'] }],
      alike: [
        {
          key: `read-only-paths:${workload.cluster}`,
          title: (workloads) => `Mount the host paths of ${workloads} read-only`,
        },
      ],
    };
  });
