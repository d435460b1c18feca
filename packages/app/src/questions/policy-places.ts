import type { QuestionEvidence } from '@breakwater/model';
import { type Guard, nameOfGuard } from './guards.ts';
import { countOf, isOrAre, listSome } from './phrases.ts';
import type { Question, QuestionBasis } from './question.ts';

/** Policies that stand in one place. */
interface Shelf {
  label: string;
  count: number;
  evidence: QuestionEvidence;
}

/** Where do my policies exist? */
export const policyPlaces: Question = {
  id: 'policy-places',
  question: 'Where do my policies exist?',
  answer(basis) {
    const shelves = shelvesOf(basis).sort((a, b) => b.count - a.count);
    const value = shelves.reduce((sum, { count }) => sum + count, 0);
    const open = openWorkloads(basis);
    return {
      number: { value, words: `policies in ${countOf(shelves.length, 'place')}` },
      known: basis.gathered.clusters.some(({ unread }) => unread.length > 0) ? 'part' : 'whole',
      sentence: `${listSome(
        shelves.map(({ label, count }) => `${count} ${label}`),
        4,
      )}.${isolationOf(open)}`,
      parts: shelves.map(({ label, count }) => ({ label, count })),
      evidence: shelves.map(({ evidence }) => evidence),
      gaps: gapsOf(basis),
      next: 'breakwater policy where',
    };
  },
};

function shelvesOf({ set, ours, guards }: QuestionBasis): Shelf[] {
  const own = set.policies.filter(({ policy }) => ours.has(policy.metadata.name));
  const theirs = set.policies.filter(({ policy }) => !ours.has(policy.metadata.name));
  const shelves: Shelf[] = [];
  if (own.length > 0) {
    const deployed = own.filter(({ policy }) => policy.spec.phases.includes('deploy')).length;
    shelves.push({
      label: 'of Breakwater’s own',
      count: own.length,
      evidence: {
        sentence: `${countOf(own.length, 'policy', 'policies')} of Breakwater’s own: ${deployed} judge what is deployed, ${own.filter(({ policy }) => policy.spec.phases.includes('build')).length} what is built.`,
        command: 'breakwater policy where',
        places: [],
      },
    });
  }
  for (const [file, policies] of Map.groupBy(theirs, ({ place }) => place.source)) {
    shelves.push({
      label: `in ${file}`,
      count: policies.length,
      evidence: {
        sentence: `${file} holds ${listSome(policies.map(({ policy }) => policy.metadata.name))}.`,
        command: 'breakwater policy where',
        places: policies.slice(0, 10).map(({ place }) => place),
      },
    });
  }
  for (const held of Map.groupBy(guards, ({ object }) => object.kind).values()) {
    shelves.push({
      label: labelOf(held),
      count: held.length,
      evidence: {
        sentence: `${countOf(held.length, 'object')} of ${held[0]!.by}: ${listSome(held.map(nameOfGuard))}.`,
        places: held.slice(0, 10).map(({ object }) => object.place),
      },
    });
  }
  return shelves;
}

/** `NetworkPolicies among the objects`; levels of Pod Security are labels. */
function labelOf(held: readonly Guard[]): string {
  const kind = held[0]!.object.kind;
  const one = held.length === 1;
  if (kind === 'Namespace') return `Pod Security ${one ? 'level' : 'levels'} of namespaces`;
  const plural = kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : kind.endsWith('s') ? kind : `${kind}s`;
  return `${one ? kind : plural} among the objects`;
}

/** Workloads of Kubernetes, and those among them to which everybody may connect, as no network policy selects them. */
function openWorkloads({ gathered: { facts } }: QuestionBasis): { open: number; all: number } {
  const open = new Set(facts.reachability.groups.filter(({ places }) => places.length === 0).flatMap(({ to }) => to));
  const restrictable = facts.workloads.filter(({ networks }) => networks === undefined);
  return { open: restrictable.filter(({ id }) => open.has(id)).length, all: restrictable.length };
}

function isolationOf({ open, all }: { open: number; all: number }): string {
  if (all === 0) return '';
  if (open === 0) return ' Every workload is under a network policy.';
  return ` ${open} of ${countOf(all, 'workload')} ${isOrAre(open)} under no network policy.`;
}

function gapsOf({ gathered: { clusters } }: QuestionBasis): { sentence: string; hint?: string }[] {
  if (clusters.length > 0) {
    const unread = [...new Set(clusters.flatMap(({ unread: kinds }) => kinds))];
    return unread.length === 0 ? [] : [{ sentence: `${listSome(unread)} may not be read in the cluster.` }];
  }
  return [
    {
      sentence: 'Policies that stand in a cluster and in none of these files are not known.',
      hint: 'breakwater ask --cluster CONTEXT',
    },
  ];
}
