import type { Behaviour, BehaviourProfile, Container, Json, ObjectEdit, Workload } from '@breakwater/model';
import { COMPILE_TARGETS } from '../../../compile/index.ts';
import { type Absence, absenceIn, type ContainerUse, weakest } from '../../../evidence/index.ts';
import { isDangerousCapability } from '../../../inventory/index.ts';
import { fieldOf, listOf, objectOf } from '../../../json/index.ts';
import type { EstateFacts } from '../../graph/index.ts';
import { editableWorkloads, nodeOf, type Proposal, type Proposer, removeField, shortName } from '../proposal.ts';

type Dimension = Behaviour['dimension'];

/** Kinds of behaviour on which fields of a security context rest, with those that have to be known beside them. */
const RESTS_ON: readonly (readonly [Dimension, ...Dimension[]])[] = [
  ['open'],
  ['capability', 'privilege', 'listen'],
  ['privilege'],
];
const TARGET = COMPILE_TARGETS.find(({ name }) => name === 'security-context')!;

/** What one container can do without, by what was seen of it. */
interface Spare {
  edits: ObjectEdit[];
  /** "it wrote nowhere outside of its mounts". */
  words: string[];
  absences: Absence[];
}

/**
 * Takes from containers what they were not seen to use: capabilities, the root user, writing to their own root file system,
 * gaining privileges. What rests on settled dimensions is one change; what does not is another, offered behind the rest.
 */
export const proposeOnlyWhatItUses: Proposer = (facts) => {
  const { uses } = facts;
  if (uses === undefined || uses.size === 0) return [];
  return editableWorkloads(facts).flatMap((workload) => {
    const own = uses.get(workload.id) ?? [];
    const firm = own.map((use) => spareOf(facts, workload, use, true));
    const all = own.map((use) => spareOf(facts, workload, use, false));
    const proposals = [proposalOf(workload, firm)];
    if (editCount(all) > editCount(firm)) proposals.push(proposalOf(workload, all, true));
    return proposals.filter((proposal) => proposal !== undefined);
  });
};

const editCount = (spares: readonly Spare[]): number => spares.reduce((sum, { edits }) => sum + edits.length, 0);

function proposalOf(workload: Workload, spares: readonly Spare[], isTentative = false): Proposal | undefined {
  const edits = spares.flatMap((spare) => spare.edits);
  const absence = weakest(spares.flatMap(({ absences }) => absences));
  if (edits.length === 0 || absence === undefined) return undefined;
  const seen = [...new Set(spares.flatMap(({ words }) => words))];
  const caveat = absence.caveat === undefined ? 'That is settled.' : `Check it: ${absence.caveat}.`;
  return {
    change: {
      id: `${isTentative ? 'perhaps-' : ''}only-what-it-uses:${workload.id}`,
      title: `Leave ${shortName(workload)} only what it ${isTentative ? 'was seen to use so far' : 'uses'}`,
      detail: `Seen ${absence.words}: ${seen.join(', ')}. ${caveat}`,
      workloads: [workload.id],
      edits,
      afterRebuild: false,
    },
    cuts: [{ from: nodeOf(workload), kinds: ['escape', 'host'] }],
    restsOnUse: true,
    ...(isTentative && { isTentative }),
  };
}

function spareOf(facts: EstateFacts, workload: Workload, use: ContainerUse, settledOnly: boolean): Spare {
  const container = workload.containers.find(({ name }) => name === use.container);
  const none: Spare = { edits: [], words: [], absences: [] };
  if (container === undefined) return none;
  const known = new Map<Dimension, Absence>();
  for (const [first, ...others] of RESTS_ON) {
    const all = [first, ...others.filter((other) => use.states.get(other)?.isSeen)].map((one) => absenceIn(use, one));
    const absence = all.every((one) => one !== undefined) ? weakest(all) : undefined;
    if (absence !== undefined && (absence.isSettled || !settledOnly)) known.set(first, absence);
  }
  if (known.size === 0) return none;
  const profile: BehaviourProfile = {
    subject: `${workload.namespace}/${workload.kind}/${workload.name}`,
    container: container.name,
    origin: 'recorded',
    partial: false,
    dimensions: [...known.keys()],
    behaviours: [...use.behaviours],
  };
  const confinement = TARGET.confine!(profile, { workload, step: 'block' });
  const edits = confinement.edits.filter((edit) => changes(facts, workload, edit));
  const privileged = unprivileged(workload, container, use, known.get('capability'));
  const dimensions = new Set([...edits.map(dimensionOf), ...(privileged.length > 0 ? ['capability' as const] : [])]);
  return {
    edits: [...privileged, ...edits],
    words: [...(privileged.length > 0 ? ['it did nothing that needs privileged'] : []), ...edits.flatMap(wordsOf)],
    absences: [...dimensions].flatMap((dimension) => known.get(dimension) ?? []),
  };
}

/** Whether an edit changes anything in the manifest as it is. */
function changes({ objects }: EstateFacts, { cluster, namespace, kind, name }: Workload, edit: ObjectEdit): boolean {
  const object = objects.find(
    (one) => one.cluster === cluster && one.namespace === namespace && one.kind === kind && one.name === name,
  );
  let now: Json | undefined = object?.object;
  for (const part of edit.pointer) now = typeof part === 'number' ? listOf(now)[part] : fieldOf(objectOf(now), part);
  return JSON.stringify(now) !== JSON.stringify(edit.value);
}

/** `privileged` goes where neither a dangerous capability nor a call that takes one was seen. */
function unprivileged(
  workload: Workload,
  { security, pointer }: Container,
  use: ContainerUse,
  capabilities: Absence | undefined,
): ObjectEdit[] {
  if (!security.privileged || capabilities === undefined) return [];
  const needs = use.behaviours.some(
    ({ dimension, object }) =>
      (dimension === 'capability' && isDangerousCapability(object.replace(/^CAP_/, ''))) ||
      (dimension === 'privilege' && !/^uid |^set\w*[ug]id|^setgroups|failed$/.test(object)) ||
      (dimension === 'open' && /^\/(?:dev|sys)\/(?!null$|zero$|u?random$|std|pts|shm|tty$|fd|ptmx)/.test(object)),
  );
  return needs ? [] : [removeField(workload, [...pointer, 'securityContext', 'privileged'])];
}

const dimensionOf = ({ pointer }: ObjectEdit): Dimension => {
  if (pointer.includes('capabilities')) return 'capability';
  return pointer.includes('readOnlyRootFilesystem') ? 'open' : 'privilege';
};

function wordsOf({ pointer, value, operation }: ObjectEdit): string[] {
  if (operation === 'remove') return ['it used none of the capabilities that it is given'];
  switch (pointer.at(-1)) {
    case 'readOnlyRootFilesystem':
      return ['it wrote nowhere outside of its mounts'];
    case 'runAsNonRoot':
      return ['nothing of it ran as root'];
    case 'allowPrivilegeEscalation':
      return ['nothing of it gained privileges'];
    case 'drop':
      return ['it used no capability but those that stay'];
    case 'add':
      return [`it used ${(value as string[]).join(', ')}`];
    default:
      return [];
  }
}
