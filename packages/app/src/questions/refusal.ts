import type { Finding, QuestionEvidence, QuestionGap } from '@breakwater/model';
import { type Guard, nameOfGuard } from './guards.ts';
import { ourGuards, refuserOf } from './our-guards.ts';
import { aboutPolicy, ageOf, countOf, isOrAre, listSome, nameOfId, spellPaths } from './phrases.ts';
import type { Question, QuestionBasis } from './question.ts';

/** Can I stop noncompliant workloads from running? */
export const refusal: Question = {
  id: 'refusal',
  question: 'Can I stop noncompliant workloads from running?',
  answer(basis) {
    const failing = basis.assessment.findings.filter(
      ({ kind, phase, verdict, exception }) =>
        kind === 'policy' && phase === 'deploy' && verdict === 'fail' && exception === undefined,
    );
    const noncompliant = workloadsOf(failing);
    const blocking = failing.filter(({ enforcement }) => enforcement === 'block');
    const blocked = workloadsOf(blocking);
    const warned = workloadsOf(failing.filter(({ enforcement }) => enforcement === 'warn'));
    const guards = basis.guards.filter(({ family, refuses }) => family === 'admission' && refuses);
    const ours = ourGuards(guards);
    const refused = workloadsOf(blocking.filter(({ rule }) => refuserOf(rule, ours) !== undefined));
    const levels = guards.filter(({ object }) => object.kind === 'Namespace');
    const inPlace = ours.webhook || ours.compiled.size > 0;
    const others = guards.filter(({ isOurs }) => !isOurs).length;
    const silent = [...noncompliant].filter((id) => !blocked.has(id) && !warned.has(id)).length;
    return {
      number: { value: refused.size, of: noncompliant.size, words: 'noncompliant workloads would be refused' },
      known: basis.gathered.clusters.length > 0 ? 'whole' : 'part',
      sentence: sentenceOf({ noncompliant, blocked, refused, inPlace, others, levels }),
      parts: [
        { label: 'refused at admission', count: refused.size },
        { label: 'would be refused, were our webhook in place', count: blocked.size - refused.size },
        { label: 'warned of', count: [...warned].filter((id) => !blocked.has(id)).length },
        { label: 'only in the audit trail', count: silent },
      ],
      evidence: [
        ...guards.map((guard) => guardEvidence(guard)),
        ...admissionEvidence(basis),
        ...blockingEvidence(failing),
        ...gateEvidence(basis),
      ],
      gaps: gapsOf(basis, inPlace),
      next: inPlace
        ? 'breakwater admission decisions'
        : `breakwater policy dry-run ${spellPaths(basis.assessment.paths)}`,
    };
  },
};

const workloadsOf = (findings: readonly Finding[]): Set<string> =>
  new Set(findings.flatMap(({ workload }) => workload ?? []));

interface Standing {
  noncompliant: ReadonlySet<string>;
  /** Those that a policy which blocks is about, and of them those that somebody is there to refuse. */
  blocked: ReadonlySet<string>;
  refused: ReadonlySet<string>;
  inPlace: boolean;
  /** Guards of others, and among them levels of Pod Security. */
  others: number;
  levels: readonly Guard[];
}

function sentenceOf({ noncompliant, blocked, refused, inPlace, others, levels }: Standing): string {
  const count = countOf(noncompliant.size, 'noncompliant workload');
  if (noncompliant.size === 0)
    return 'There is nothing to stop: no workload here fails a policy that judges deployments.';
  if (inPlace) {
    const rest = noncompliant.size - refused.size;
    const left = rest > 0 ? `, and the other ${rest} would come in` : '';
    if (refused.size === 0) return `Not these: what stands in front of the API server refuses none of ${count}.`;
    return `Yes, ${refused.size} of ${count}: policies that block refuse ${refused.size === 1 ? 'it' : 'them'} at admission${left}.`;
  }
  const would =
    blocked.size === 0
      ? `Breakwater’s policies would only warn or audit ${count}, even with its webhook in front of the API server: raise some to block`
      : `Breakwater’s policies would refuse ${blocked.size} of ${count} if its webhook stood in front of the API server`;
  if (others === 0) return `Not at admission: nothing that was given refuses a workload there. ${would}.`;
  const pods = levels.length > 0 ? `, among them the Pod Security level of ${countOf(levels.length, 'namespace')}` : '';
  return `Only what ${countOf(others, 'guard')} of others ${others === 1 ? 'looks' : 'look'} at${pods}. ${would}.`;
}

function guardEvidence(guard: Guard): QuestionEvidence {
  return { sentence: `${nameOfGuard(guard)} ${guard.does} (${guard.by}).`, places: [guard.object.place] };
}

function admissionEvidence({ admission: { decisions, snapshot }, set }: QuestionBasis): QuestionEvidence[] {
  const evidence: QuestionEvidence[] = [];
  if (decisions.length > 0) {
    const denied = decisions.filter(({ outcome }) => outcome === 'denied').length;
    const broken = decisions.filter(({ outcome }) => outcome === 'break-glass').length;
    evidence.push({
      sentence: `Admission refused ${denied} of its last ${countOf(decisions.length, 'decision')} on this machine${broken > 0 ? `, and let ${broken} through by break-glass` : ''}.`,
      command: 'breakwater admission decisions',
      places: [],
    });
  }
  if (snapshot !== undefined)
    evidence.push({
      sentence: `The snapshot that admission answers from is ${ageOf(snapshot.time, set.now)} old.`,
      places: [],
    });
  return evidence;
}

function blockingEvidence(failing: readonly Finding[]): QuestionEvidence[] {
  const blocking = failing.filter(({ enforcement }) => enforcement === 'block');
  return [...Map.groupBy(blocking, ({ rule }) => rule)].map(([rule, own]) =>
    aboutPolicy(
      rule,
      `${rule} refuses ${listSome([...new Set(own.map(({ subject }) => nameOfId(subject)))])}: ${own[0]!.message}.`,
      own.flatMap(({ places }) => places.slice(0, 1)).slice(0, 5),
    ),
  );
}

/** What the build gate refuses: a workload that is never built never runs. */
function gateEvidence({ assessment: { findings, paths }, placed }: QuestionBasis): QuestionEvidence[] {
  const gating = placed.filter(({ places }) =>
    places.some(({ phase, enforcement }) => phase === 'build' && enforcement === 'block'),
  );
  if (gating.length === 0) return [];
  const refusing = new Set(gating.map(({ policy }) => policy));
  const refused = new Set(
    findings
      .filter(({ rule, verdict, exception }) => refusing.has(rule) && verdict === 'fail' && exception === undefined)
      .map(({ subject }) => subject),
  );
  return [
    {
      sentence: `The build gate (${listSome(gating.map(({ policy }) => policy))}) would refuse ${countOf(refused.size, 'image or workload', 'images and workloads')} of these.`,
      command: `breakwater scan ${spellPaths(paths)}`,
      places: [],
    },
  ];
}

function gapsOf({ gathered: { clusters, facts } }: QuestionBasis, inPlace: boolean): QuestionGap[] {
  const gaps: QuestionGap[] = [];
  if (clusters.length === 0)
    gaps.push({
      sentence: 'Webhooks that stand in a cluster and in none of these files are not known.',
      hint: 'breakwater ask --cluster CONTEXT',
    });
  if (!inPlace)
    gaps.push({
      sentence: `What runs already is never stopped by admission: ${countOf(facts.workloads.length, 'workload')} ${isOrAre(facts.workloads.length)} judged again only when somebody deploys.`,
      hint: 'breakwater admission config | kubectl apply -f -',
    });
  return gaps;
}
