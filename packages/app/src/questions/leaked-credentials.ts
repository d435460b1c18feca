import type { Identity, PermissionStep } from '@breakwater/engine/identity';
import { type LeakExtent, leakExtent } from '@breakwater/engine/risk/leak';
import type { QuestionEvidence, QuestionGap } from '@breakwater/model';
import { countOf, listSome, spellPaths } from './phrases.ts';
import type { Answer, Question, QuestionBasis } from './question.ts';

/** Credentials whose leak is played through; those beyond hold fewer permissions. */
const MOST_PLAYED = 24;
/** From this chance on the control plane is told to fall. */
const LIKELY = 0.2;

const RBAC = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding']);

/** What falls with one credential. */
interface Leak {
  identity: Identity;
  /** Others with the same permissions. */
  alike: number;
  steps: PermissionStep[];
  extent: LeakExtent;
}

/** What happens if a developer's credentials leak? */
export const leakedCredentials: Question = {
  id: 'leaked-credentials',
  question: 'What happens if a developer’s credentials leak?',
  answer(basis) {
    const { facts } = basis.gathered;
    const paths = spellPaths(basis.assessment.paths);
    const leaks = leaksOf(basis).sort((a, b) => b.extent.loss - a.extent.loss || b.steps.length - a.steps.length);
    const [worst] = leaks;
    const hasRules = facts.objects.some(({ kind }) => RBAC.has(kind));
    const shared = { gaps: gapsOf(basis, hasRules), parts: leaks.slice(0, 5).map(partOf) };
    if (worst === undefined) {
      return {
        ...shared,
        number: { value: null, words: 'credentials of people are known' },
        known: 'nothing',
        sentence: hasRules
          ? 'No user or group of people is bound to a role here: what a developer’s credential opens is decided elsewhere.'
          : 'No role or binding is among what was given: what a developer’s credential opens cannot be told.',
        evidence: [],
        next: 'breakwater ask --cluster CONTEXT',
      };
    }
    const { workloads } = worst.extent.counts;
    return {
      ...shared,
      number: { value: workloads.reached, of: workloads.all, words: 'workloads are in reach of one credential' },
      known: facts.identity.unknowns.length > 0 ? 'part' : 'whole',
      sentence: `The credential of ${whoOf(worst.identity)} opens most: ${reachOf(worst)}, ${Math.round(worst.extent.loss)} of ${Math.round(worst.extent.value)} points.`,
      evidence: leaks.map((leak) => evidenceOf(leak, paths)),
      next: commandFor(worst.identity, paths),
    };
  },
};

/** People's credentials played through, those with the same permissions once. */
function leaksOf({ gathered: { facts }, graph }: QuestionBasis): Leak[] {
  const stepsOf = Map.groupBy(facts.identity.steps, ({ identity }) => identity);
  const people = facts.identity.identities.filter(({ human }) => human);
  const alike = Map.groupBy(people, (identity) =>
    JSON.stringify([identity.cluster, (stepsOf.get(identity.id) ?? []).map(meaningOf).sort()]),
  );
  return [...alike.values()]
    .map((members) => ({ members, steps: stepsOf.get(members[0]!.id) ?? [] }))
    .sort((a, b) => b.steps.length - a.steps.length)
    .slice(0, MOST_PLAYED)
    .map(({ members: [identity, ...others], steps }) => ({
      identity: identity!,
      alike: others.length,
      steps,
      extent: leakExtent(facts, [{ ...identity!, groups: [] }], graph()),
    }));
}

const meaningOf = ({ attack, target, namespace, names }: PermissionStep): string =>
  JSON.stringify([attack, target, namespace, names]);

const KIND_WORDS = { ServiceAccount: 'service account', User: 'user', Group: 'a member of group' };

function whoOf({ kind, name }: Identity): string {
  return `${KIND_WORDS[kind]} ${name}`;
}

function reachOf({ extent: { counts, controlPlane } }: Leak): string {
  const { workloads, secrets } = counts;
  const parts = [
    controlPlane >= LIKELY ? 'the control plane' : '',
    workloads.reached > 0 ? countOf(workloads.reached, 'workload') : '',
    secrets.reached > 0 ? countOf(secrets.reached, 'secret') : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'nothing of value is in its reach' : listSome(parts);
}

const partOf = ({ identity, extent }: Leak): Answer['parts'][number] => ({
  label: whoOf(identity),
  count: extent.counts.workloads.reached,
});

/** The command that tells the ways, and the changes that cut them. */
function commandFor({ kind, name }: Identity, paths: string): string {
  return `breakwater what-if leak ${spellPaths([`${kind.toLowerCase()}:${name}`])} ${paths}`;
}

function evidenceOf(leak: Leak, paths: string): QuestionEvidence {
  const { identity, alike, steps } = leak;
  const phrases = [...new Set(steps.map(({ phrase, reason }) => `${phrase} (${reason})`))];
  const others = alike === 0 ? '' : `, and ${countOf(alike, 'other')} with the same permissions,`;
  const how = phrases.length === 0 ? 'has no permission that leads further' : listSome(phrases, 2);
  return {
    sentence: `${whoOf(identity)}${others} ${how}: ${reachOf(leak)}.`.replace(/^./, (first) => first.toUpperCase()),
    command: commandFor(identity, paths),
    places: steps[0]?.places ?? identity.places,
  };
}

function gapsOf({ gathered: { facts, clusters } }: QuestionBasis, hasRules: boolean): QuestionGap[] {
  const gaps: QuestionGap[] = [];
  if (!hasRules)
    gaps.push({
      sentence: 'Roles and bindings were not given.',
      hint: 'Add the manifests that hold them, or read a live cluster: breakwater ask --cluster CONTEXT',
    });
  const { unknowns } = facts.identity;
  if (unknowns.length > 0)
    gaps.push({ sentence: `${countOf(unknowns.length, 'binding')} could not be followed: ${unknowns[0]!.message}` });
  const unread = clusters.flatMap(({ unread: kinds }) => kinds.filter((kind) => RBAC.has(kind)));
  if (unread.length > 0) gaps.push({ sentence: `${listSome([...new Set(unread)])} may not be read in the cluster.` });
  gaps.push({
    sentence:
      'Who is in a group is known to the identity provider alone, and so is what the same person may do outside of the clusters.',
  });
  return gaps;
}
