import { podSpecsOf } from '../../identity/index.ts';
import { fieldOf } from '../../json/index.ts';
import { editableWorkloads, nodeOf, type Proposer, removeField, shortName } from './proposal.ts';

/** What to check. */
export const ownProcessesDetail =
  'A container no longer sees the processes of the others: a sidecar that sends them signals, or reads their files in /proc, does not work any more.';

/** Keeps the processes of a pod's containers apart. */
export const proposeOwnProcesses: Proposer = (facts) => {
  const specs = podSpecsOf(facts.objects, facts.workloads);
  return editableWorkloads(facts).flatMap((workload) => {
    const shared = fieldOf(specs.get(workload.id), 'shareProcessNamespace') === true;
    if (!shared || workload.containers.length < 2) return [];
    return {
      change: {
        id: `own-processes:${workload.id}`,
        title: `Remove shareProcessNamespace from ${shortName(workload)}`,
        detail: ownProcessesDetail,
        workloads: [workload.id],
        edits: [removeField(workload, [...workload.podSpecPointer, 'shareProcessNamespace'])],
        afterRebuild: false,
      },
      cuts: [{ from: nodeOf(workload), to: nodeOf(workload), kinds: ['host'] }],
      alike: [
        {
          key: `own-processes:${workload.cluster}`,
          title: (workloads) => `Remove shareProcessNamespace from ${workloads}`,
        },
      ],
    };
  });
};
