import type { Enforcement } from '@breakwater/model';
import type { ForeignDocumentOf, NeuvectorCriterion, NeuvectorRule, NeuvectorRules } from '@breakwater/model/foreign';
import { CelUnknown, Failure } from '../../cel/index.ts';
import type { CompiledPolicy } from '../../compiled-policy.ts';
import type { Facts, PolicySubject } from '../../facts/facts.ts';
import type { Element } from '../../facts/workload.ts';
import { type Outcome, undecided } from '../../outcome.ts';
import type { ReportFault } from '../expressions/compile-parts.ts';
import type { ForeignContext } from '../foreign-context.ts';
import { foreignPolicy } from '../foreign-policy.ts';
import { judgePodSecurity } from '../kyverno/pod-security.ts';
import type { Answer } from '../three-valued.ts';
import { CRITERIA, type Held } from './criteria.ts';
import { describes, type Reading } from './judge-rule.ts';
import { judgedContainer } from './judged-container.ts';
import { type JudgedObject, judgedObject } from './judged-object.ts';

/** What rules may look at beside the object. */
const FACTS = ['object', 'containers', 'estate', 'grants'];

/** Rules of NeuVector as policies, each deny rule one; allow rules that stand before it exempt from it. */
export function compileNeuvectorRules(
  { document, place }: ForeignDocumentOf<'neuvector-rules'>,
  context: ForeignContext,
  reading: Reading = 'neuvector',
): CompiledPolicy[] {
  const rules = document.rules.filter(({ disabled }) => !disabled);
  return rules
    .filter(({ allows }) => !allows)
    .map((rule) => {
      const before = rules.filter((other) => other.allows && other.rank <= rule.rank);
      const name = `neuvector-rule-${rule.id}`;
      const compiled = foreignPolicy(
        {
          name,
          kind: 'NeuVector rule',
          metadata: { name: String(rule.id) },
          place,
          enforcement: enforcementOf(rule, document),
        },
        { judge: (facts, subject) => judge(rule, before, context, reading, facts, subject) },
      );
      const { spec, ...policy } = compiled.policy;
      return { ...compiled, policy: { ...policy, spec: { ...spec, title: titleOf(rule) } }, facts: new Set(FACTS) };
    });
}

/** Criteria that there are not, or that have nothing to be held against here. */
export function checkNeuvectorRules({ rules }: NeuvectorRules, report: ReportFault): void {
  rules.forEach(({ id, criteria, disabled }, index) => {
    criteria.forEach(({ name, type }, at) => {
      if (disabled || type === 'customPath' || name === 'customPath' || Object.hasOwn(CRITERIA, type || name)) return;
      report(['rules', index, 'criteria', at, 'name'], `rule ${id} asks for ${name || 'nothing'}, which is not known`);
    });
  });
}

/** What the rule says: `shareIpcWithHost = true`. */
const criterionText = ({ name, op, value, path }: NeuvectorCriterion): string =>
  `${name === 'customPath' ? path : name} ${op} ${value}`.trim();

const titleOf = ({ id, comment, criteria }: NeuvectorRule): string =>
  comment.trim() || `NeuVector rule ${id}: ${criteria.map(criterionText).join(' and ')}`;

/** A rule that leaves it to the mode of all rules warns where that mode is not known. */
function enforcementOf({ mode }: NeuvectorRule, rules: NeuvectorRules): Enforcement {
  const decisive = mode || rules.mode;
  if (decisive === 'protect') return 'block';
  return decisive === 'monitor' ? 'audit' : 'warn';
}

function judge(
  rule: NeuvectorRule,
  before: readonly NeuvectorRule[],
  context: ForeignContext,
  reading: Reading,
  facts: Facts,
  subject: PolicySubject,
): Outcome[] {
  const judged = judgedObject(facts, subject);
  if (judged === undefined) return [];
  const elements = judged.kind === 'PersistentVolumeClaim' ? [CLAIM] : elementsOf(judged, facts);
  if (elements instanceof Failure) return [undecided(elements)];
  const violates = violations(judged, context);
  return elements.flatMap((element): Outcome[] => {
    const container = judgedContainer(element, judged);
    if (judged.kind !== 'PersistentVolumeClaim' && !rule.containers.includes(container.type)) return [];
    const held: Held = { judged, container, violates, ownLabelsOnly: reading === 'kubewarden' };
    const isExempt = before.some(
      (other) => other.containers.includes(container.type) && describes(other, held, reading) === true,
    );
    const answer = isExempt ? false : describes(rule, held, reading);
    return [outcome(rule, answer, element === CLAIM ? undefined : element)];
  });
}

const CLAIM: Element = { value: { role: 'main' }, name: '', pointer: [] };

/** Objects that make no pods are none of NeuVector's business. */
function elementsOf({ pod }: JudgedObject, facts: Facts): readonly Element[] | Failure {
  return pod['spec'] === undefined ? [] : facts.elements('containers');
}

function outcome(rule: NeuvectorRule, answer: Answer, element: Element | undefined): Outcome {
  const text = rule.criteria.map(criterionText).join(' and ');
  if (answer === undefined) return { ...undecided(new CelUnknown([text])), element };
  const message = answer ? `NeuVector rule ${rule.id} refuses it: ${text}` : '';
  return { element, verdict: answer ? 'fail' : 'pass', message, missing: [] };
}

/** Each level is judged once for all containers. */
function violations({ object }: JudgedObject, { podSecurity }: ForeignContext): (level: string) => Answer {
  const known = new Map<string, Answer>();
  return (level) => {
    if (level !== 'baseline' && level !== 'restricted') return undefined;
    if (!known.has(level)) {
      const { status } = judgePodSecurity(object, { level, version: 'latest', exclude: [] }, podSecurity);
      known.set(level, status === 'unknown' ? undefined : status === 'fail');
    }
    return known.get(level);
  };
}
