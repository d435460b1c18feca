import type { Identity, PermissionStep } from '@breakwater/engine/identity';
import { type Simulation, simulate } from '@breakwater/engine/risk';
import type { AttackGraph, QuestionEvidence, QuestionGap } from '@breakwater/model';
import { countOf, listSome } from './phrases.ts';
import type { Answer, Question, QuestionBasis } from './question.ts';

/** Credentials whose leak is played through; those beyond hold fewer permissions. */
const MOST_PLAYED = 24;
/** Worlds that one leak is played in: a share is then known to two in a hundred. */
const WORLDS = 2_048;
/** From this share of worlds on something counts as falling with a credential. */
const FALLS = 0.5;

const RBAC = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding']);

/** What falls with one credential. */
interface Leak {
  identity: Identity;
  /** Others with the same permissions. */
  alike: number;
  steps: PermissionStep[];
  /** Expected points. */
  points: number;
  workloads: number;
  secrets: number;
  controlPlanes: number;
}

/** What happens if a developer's credentials leak? */
export const leakedCredentials: Question = {
  id: 'leaked-credentials',
  question: 'What happens if a developer’s credentials leak?',
  answer(basis) {
    const { facts } = basis.gathered;
    const total = facts.workloads.length;
    const leaks = leaksOf(basis).sort((a, b) => b.points - a.points || b.steps.length - a.steps.length);
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
    return {
      ...shared,
      number: { value: worst.workloads, of: total, words: 'workloads fall with one credential' },
      known: facts.identity.unknowns.length > 0 ? 'part' : 'whole',
      sentence: `The credential of ${whoOf(worst.identity)} opens most: ${fallsOf(worst)}, ${Math.round(worst.points)} of ${Math.round(basis.assessment.ranking.value)} points.`,
      evidence: leaks.map((leak) => evidenceOf(leak)),
    } satisfies Answer;
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
      ...fallenWith(graph(), identity!.id),
    }));
}

const meaningOf = ({ attack, target, namespace, names }: PermissionStep): string =>
  JSON.stringify([attack, target, namespace, names]);

/** Attacks that begin with one identity and nowhere else. */
function fallenWith(
  graph: AttackGraph,
  identity: string,
): Pick<Leak, 'points' | 'workloads' | 'secrets' | 'controlPlanes'> {
  const nodes = graph.nodes.map((node) => {
    if (node.id === identity) return { ...node, kind: 'origin' as const };
    return node.kind === 'origin' ? { ...node, kind: 'hub' as const } : node;
  });
  const simulation: Simulation = simulate({ nodes, edges: graph.edges }, { worlds: WORLDS });
  const fallen = graph.nodes.filter(({ id, kind }) => kind !== 'hub' && simulation.probabilityOf(id) >= FALLS);
  const controlPlanes = fallen.filter(({ id }) => /^asset:[^/]*\/control-plane$/.test(id));
  return {
    points: simulation.loss,
    workloads: fallen.filter(({ kind }) => kind === 'workload').length,
    secrets: fallen.filter(({ id }) => id.startsWith('asset:') && id.includes('/Secret/')).length,
    controlPlanes: controlPlanes.length,
  };
}

const KIND_WORDS = { ServiceAccount: 'service account', User: 'user', Group: 'a member of group' };

function whoOf({ kind, name }: Identity): string {
  return `${KIND_WORDS[kind]} ${name}`;
}

function fallsOf({ workloads, secrets, controlPlanes }: Leak): string {
  const parts = [
    controlPlanes === 1 ? 'the control plane' : controlPlanes > 1 ? countOf(controlPlanes, 'control plane') : '',
    workloads > 0 ? countOf(workloads, 'workload') : '',
    secrets > 0 ? countOf(secrets, 'secret') : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'nothing falls at once' : listSome(parts);
}

function partOf(leak: Leak): Answer['parts'][number] {
  return { label: whoOf(leak.identity), count: leak.workloads };
}

function evidenceOf(leak: Leak): QuestionEvidence {
  const { identity, alike, steps } = leak;
  const phrases = [...new Set(steps.map(({ phrase, reason }) => `${phrase} (${reason})`))];
  const others = alike === 0 ? '' : `, and ${countOf(alike, 'other')} with the same permissions`;
  const how = phrases.length === 0 ? 'has no permission that leads further' : listSome(phrases, 2);
  return {
    sentence: `${whoOf(identity)}${others} ${how}: ${fallsOf(leak)}.`,
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
