import type { ObjectEdit, Workload } from '@breakwater/model';
import { editableWorkloads, nodeOf, type Proposal, type Proposer, setField, shortName } from './proposal.ts';

function perContainer(
  workload: Workload,
  field: string,
  value: boolean,
  wanted: (at: number) => boolean,
): ObjectEdit[] {
  return workload.containers.flatMap((container, at) =>
    container.role !== 'ephemeral' && wanted(at)
      ? [setField(workload, [...container.pointer, 'securityContext', field], value)]
      : [],
  );
}

function hardening(workload: Workload, id: string, title: string, detail: string, edits: ObjectEdit[]): Proposal[] {
  if (edits.length === 0) return [];
  return [
    {
      change: {
        id: `${id}:${workload.id}`,
        title: `${title} in ${shortName(workload)}`,
        detail,
        workloads: [workload.id],
        edits,
        afterRebuild: false,
      },
      cuts: [{ from: nodeOf(workload), kinds: ['escape', 'host'] }],
      alike: [{ key: `${id}:${workload.cluster}`, title: (workloads) => `${title} in ${workloads}` }],
    },
  ];
}

/** Refuses calls that a container has no use for, where no profile does. */
export const proposeSeccomp: Proposer = (facts) =>
  editableWorkloads(facts).flatMap((workload) =>
    hardening(
      workload,
      'seccomp',
      "Use the runtime's default seccomp profile",
      'The profile refuses calls that hardly any application makes. Check tools that trace, mount or load.',
      workload.containers.every((container) => container.security.seccompProfile !== undefined)
        ? []
        : [
            setField(workload, [...workload.podSpecPointer, 'securityContext', 'seccompProfile'], {
              type: 'RuntimeDefault',
            }),
          ],
    ),
  );

/** Keeps root out of containers that may run as root. */
export const proposeNonRoot: Proposer = (facts) =>
  editableWorkloads(facts).flatMap((workload) =>
    hardening(
      workload,
      'non-root',
      'Run without root',
      'Pods whose image runs as root will not start: check the USER of the image, or set runAsUser to one that owns its files.',
      perContainer(workload, 'runAsNonRoot', true, (at) => {
        const { runAsNonRoot, runAsUser } = workload.containers[at]!.security;
        return runAsNonRoot !== true && (runAsUser === undefined || runAsUser === 0);
      }).concat(
        perContainer(workload, 'allowPrivilegeEscalation', false, (at) => {
          const { allowPrivilegeEscalation, privileged } = workload.containers[at]!.security;
          return allowPrivilegeEscalation !== false && !privileged;
        }),
      ),
    ),
  );
