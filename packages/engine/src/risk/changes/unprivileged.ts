import type { Container, Workload } from '@breakwater/model';
import { absenceIn } from '../../evidence/index.ts';
import type { EstateFacts } from '../graph/index.ts';
import { editableWorkloads, nodeOf, type Proposer, removeField, shortName, towardsNode } from './proposal.ts';

/** What it costs, and what to check. */
export const unprivilegedDetail =
  'The container loses the devices of the node and all capabilities beyond the usual ones. Check whether it ' +
  'mounts file systems, loads modules or manages the network of the node: then add the one capability it needs.';

/** What was seen of the power that containers have by it, as a sentence; empty where nobody looked. */
function powersSeen({ uses }: EstateFacts, { id }: Workload, containers: readonly Container[]): string {
  const own = (uses?.get(id) ?? []).filter((use) => containers.some(({ name }) => name === use.container));
  const absences = own.map((use) => absenceIn(use, 'privilege'));
  const [absence] = absences;
  if (absence === undefined || own.length < containers.length) return '';
  const powers = own.flatMap(({ behaviours }) =>
    behaviours.flatMap(({ dimension, object }) => {
      const isPower = dimension === 'capability' || (dimension === 'privilege' && !NO_POWER.test(object));
      return isPower ? object : [];
    }),
  );
  const seen = [...new Set(powers)].sort();
  const named = seen.slice(0, 8).join(', ');
  const what =
    seen.length === 0 ? 'no call that needs it' : `${named}${seen.length > 8 ? ` and ${seen.length - 8} more` : ''}`;
  return ` Seen ${absence.words}: ${what}${absence.caveat === undefined ? '' : ` (${absence.caveat})`}.`;
}

/** Users that it runs as, and what failed. */
const NO_POWER = /^uid |^set\w*[ug]id|^setgroups|failed$/;

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
        detail: `${unprivilegedDetail}${powersSeen(facts, workload, containers)}`,
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
