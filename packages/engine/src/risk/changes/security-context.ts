import type { ObjectEdit, Workload } from '@breakwater/model';
import { absenceInAll } from '../../evidence/index.ts';
import type { EstateFacts } from '../graph/index.ts';
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

/** What takes or changes no power beyond a user's own, and what failed anyhow. */
const HARMLESS = /^uid |^set\w*[ug]id|^setgroups|failed$/;
const SHOWN = 3;

/** Refuses calls that a container has no use for, where no profile does. A workload that was seen to make some is told of them. */
export const proposeSeccomp: Proposer = (facts) =>
  editableWorkloads(facts).flatMap((workload) => {
    if (workload.containers.every((container) => container.security.seccompProfile !== undefined)) return [];
    const { words, isSure } = powersOf(facts, workload);
    const found = hardening(
      workload,
      'seccomp',
      "Use the runtime's default seccomp profile",
      `The profile refuses calls that hardly any application makes. ${words}`,
      [
        setField(workload, [...workload.podSpecPointer, 'securityContext', 'seccompProfile'], {
          type: 'RuntimeDefault',
        }),
      ],
    );
    return isSure ? found.map((one) => ({ ...one, restsOnUse: true as const })) : found;
  });

/** Which calls that give power were seen of a workload, as far as somebody looked. */
function powersOf({ uses }: EstateFacts, workload: Workload): { words: string; isSure: boolean } {
  const own = uses?.get(workload.id) ?? [];
  const powers = own.flatMap(({ acted }) =>
    acted.flatMap(({ dimension, object }) => (dimension === 'privilege' && !HARMLESS.test(object) ? [object] : [])),
  );
  if (powers.length > 0) {
    const named = [...new Set(powers)].sort().slice(0, SHOWN).join(', ');
    return {
      words: `It was seen to make some that give power (${named}): check that the profile lets them.`,
      isSure: false,
    };
  }
  const absence = absenceInAll(workload, own, 'privilege');
  if (absence === undefined) return { words: 'Check tools that trace, mount or load.', isSure: false };
  const caveat = absence.caveat === undefined ? 'That is settled.' : `Check it: ${absence.caveat}.`;
  return { words: `Seen ${absence.words}: it made none that give power. ${caveat}`, isSure: absence.isSettled };
}

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
