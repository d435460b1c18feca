import type { QuestionEvidence, QuestionGap } from '@breakwater/model';
import { type Finding, SEVERITIES, type Severity, worstSeverity } from '@breakwater/model';
import { aboutPolicy, countOf, listSome, nameOfId, spellPaths } from './phrases.ts';
import type { Question } from './question.ts';

/** What is out of compliance? */
export const compliance: Question = {
  id: 'out-of-compliance',
  question: 'What is out of compliance?',
  answer(basis) {
    const { assessment, gathered } = basis;
    const { workloads } = gathered.facts;
    const results = assessment.findings.filter(({ kind }) => kind === 'policy');
    const failing = results.filter(isFailing);
    const byWorkload = Map.groupBy(
      failing.filter(({ workload }) => workload !== undefined),
      ({ workload }) => workload ?? '',
    );
    const worst = [...byWorkload.values()].map(
      (own) => worstSeverity(own.map(({ severity }) => severity)) ?? 'unknown',
    );
    const grave = worst.filter((severity) => severity === 'critical' || severity === 'high').length;
    const others = new Set(failing.flatMap(({ workload, subject }) => (workload === undefined ? [subject] : []))).size;
    const excepted = results.filter(({ exception, verdict }) => exception !== undefined && verdict === 'fail').length;
    const policies = byFailures(failing);
    const [first] = policies;
    return {
      number: { value: byWorkload.size, of: workloads.length, words: 'workloads fail a policy' },
      known: results.some(({ verdict }) => verdict === 'unknown') ? 'part' : 'whole',
      sentence:
        first === undefined
          ? nothingFails(basis.set.policies.length)
          : `${graveWords(grave, byWorkload.size)}${othersWords(others)}; ${first.rule} alone fails ${countOf(first.subjects.length, 'time')}.${exceptedWords(excepted)}`,
      parts: SEVERITIES.flatMap((severity: Severity) => {
        const count = worst.filter((each) => each === severity).length;
        return count === 0 ? [] : [{ label: `at worst ${severity}`, count }];
      }),
      evidence: policies.map(evidenceOf),
      gaps: gapsOf(results),
      next: `breakwater policy dry-run ${spellPaths(assessment.paths)}`,
    };
  },
};

const nothingFails = (policies: number): string => `Nothing fails any of ${countOf(policies, 'policy', 'policies')}.`;

function graveWords(grave: number, failing: number): string {
  if (grave === 0) return 'None of them fails one that is critical or high';
  return `${grave === failing ? (failing === 1 ? 'It fails' : `All ${failing} fail`) : `${grave} of them ${grave === 1 ? 'fails' : 'fail'}`} one that is critical or high`;
}

const othersWords = (others: number): string =>
  others === 0
    ? ''
    : `, beside ${countOf(others, 'object or image', 'objects and images')} that ${others === 1 ? 'is' : 'are'} no workload`;

const exceptedWords = (excepted: number): string =>
  excepted === 0 ? '' : ` Exceptions cover ${countOf(excepted, 'failure')}.`;

const isFailing = ({ verdict, exception }: Finding): boolean => verdict === 'fail' && exception === undefined;

/** A policy with what fails it. */
interface Failures {
  rule: string;
  severity: Severity;
  subjects: string[];
  findings: Finding[];
}

/** The worst first, then by the number of what fails. */
function byFailures(failing: readonly Finding[]): Failures[] {
  return [...Map.groupBy(failing, ({ rule }) => rule)]
    .map(([rule, findings]) => ({
      rule,
      findings,
      severity: worstSeverity(findings.map(({ severity }) => severity)) ?? 'unknown',
      subjects: [...new Set(findings.map(({ subject }) => subject))],
    }))
    .sort(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        b.subjects.length - a.subjects.length ||
        (a.rule < b.rule ? -1 : 1),
    );
}

function evidenceOf({ rule, severity, subjects, findings }: Failures): QuestionEvidence {
  const where = listSome(subjects.map(nameOfId));
  return aboutPolicy(
    rule,
    `${rule} (${severity}) fails for ${where}.`,
    findings.flatMap(({ places }) => places.slice(0, 1)).slice(0, 5),
  );
}

function gapsOf(results: readonly Finding[]): QuestionGap[] {
  const undecided = results.filter(({ verdict, exception }) => verdict === 'unknown' && exception === undefined);
  if (undecided.length === 0) return [];
  const missing = Map.groupBy(
    undecided.flatMap(({ notChecked }) => notChecked.split(', ').filter((fact) => fact !== '')),
    (fact) => fact,
  );
  const facts = [...missing].sort(([, a], [, b]) => b.length - a.length).map(([fact]) => fact);
  return [
    {
      sentence: `${countOf(undecided.length, 'verdict')} of ${countOf(new Set(undecided.map(({ rule }) => rule)).size, 'policy', 'policies')} could not be given${
        facts.length > 0 ? `; what is missing: ${listSome(facts)}` : ''
      }.`,
      hint: 'breakwater explain unknown',
    },
  ];
}
