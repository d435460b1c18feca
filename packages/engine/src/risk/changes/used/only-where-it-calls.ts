import type { BehaviourProfile, Workload } from '@breakwater/model';
import { COMPILE_TARGETS } from '../../../compile/index.ts';
import { type Absence, absenceInAll, type ContainerUse } from '../../../evidence/index.ts';
import { fieldOf, listOf, objectOf } from '../../../json/index.ts';
import { selectsPods } from '../../../network/index.ts';
import type { EstateFacts } from '../../graph/index.ts';
import { editableWorkloads, nodeOf, type Proposal, type Proposer, shortName } from '../proposal.ts';

const TARGET = COMPILE_TARGETS.find(({ name }) => name === 'network-policy')!;
const SHOWN = 5;

/**
 * Keeps a workload from connecting to where it was never seen to connect: the egress of what its profiles compile to. Only where
 * every container of it was watched, and no policy limits its egress already: policies add to each other, and never take away.
 */
export const proposeOnlyWhereItCalls: Proposer = (facts) => {
  const { uses } = facts;
  if (uses === undefined || uses.size === 0) return [];
  return editableWorkloads(facts).flatMap((workload) => {
    const own = uses.get(workload.id) ?? [];
    // An init container calls as well.
    const absence = absenceInAll(workload, own, 'connect');
    const beside = workload.definitions[0]?.source;
    if (absence === undefined || beside === undefined || isLimited(facts, workload)) return [];
    return proposalOf(workload, own, absence, beside) ?? [];
  });
};

/** Whether egress of the pods is limited by what nobody can compare here, or by a policy to which another would add. */
function isLimited({ objects }: EstateFacts, workload: Workload): boolean {
  if (workload.hostNetwork) return true;
  return objects.some((object) => {
    if (!/NetworkPolicy$|^EgressFirewall$/.test(object.kind) || object.cluster !== workload.cluster) return false;
    if (object.kind !== 'NetworkPolicy' || object.namespace !== workload.namespace)
      return object.kind !== 'NetworkPolicy' && (object.namespace === '' || object.namespace === workload.namespace);
    const spec = objectOf(fieldOf(object.object, 'spec'));
    const limits = listOf(spec?.['policyTypes']).includes('Egress') || listOf(spec?.['egress']).length > 0;
    return limits && selectsPods(fieldOf(spec, 'podSelector'), workload.podLabels);
  });
}

function proposalOf(
  workload: Workload,
  uses: readonly ContainerUse[],
  absence: Absence,
  beside: string,
): Proposal | undefined {
  const profile: BehaviourProfile = {
    subject: `${workload.namespace}/${workload.kind}/${workload.name}`,
    origin: 'recorded',
    partial: false,
    dimensions: ['connect'],
    behaviours: uses.flatMap(({ behaviours }) => behaviours.filter(({ dimension }) => dimension === 'connect')),
  };
  const [object] = TARGET.confine!(profile, { workload, step: 'block' }).objects;
  if (object === undefined) return undefined;
  const peers = [...new Set(profile.behaviours.map((one) => one.object))]
    .filter((peer) => !peer.startsWith('unix:'))
    .sort();
  const more = peers.length > SHOWN ? ` and ${peers.length - SHOWN} more` : '';
  const where =
    peers.length === 0 ? 'it connected nowhere' : `it connected only to ${peers.slice(0, SHOWN).join(', ')}${more}`;
  const metadata = { ...(object['metadata'] as object), name: `${workload.name}-egress` };
  return {
    change: {
      id: `only-where-it-calls:${workload.id}`,
      title: `Let ${shortName(workload)} connect only to where it ${absence.isSettled ? 'does' : 'was seen to so far'}`,
      detail:
        `Seen ${absence.words}: ${where}. ${absence.caveat === undefined ? 'That is settled.' : `Check it: ${absence.caveat}.`} ` +
        'Names became any address on their port. It takes effect only where the network plugin enforces policies.',
      workloads: [workload.id],
      edits: [
        { target: 'new-object', fileName: `${workload.name}-egress.yaml`, beside, object: { ...object, metadata } },
      ],
      afterRebuild: false,
    },
    cuts: [{ from: nodeOf(workload) }],
    restsOnUse: true,
    ...(!absence.isSettled && { isTentative: true as const }),
  };
}
