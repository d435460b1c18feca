import type { Enforcement } from '@breakwater/model';
import type { ForeignDocumentOf, NeuvectorCriterion, NeuvectorRule, NeuvectorRules } from '@breakwater/model/foreign';
import { CelUnknown, Failure } from '../../cel/index.ts';
import type { CompiledPolicy } from '../../compiled-policy.ts';
import type { Facts, PolicySubject } from '../../facts/facts.ts';
import { POD_SPECS } from '../../facts/kubernetes.ts';
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
import { OPERATORS } from './operators.ts';

/** What rules may look at beside the object. */
const FACTS = ['object', 'containers', 'estate', 'grants'];

/** Others make no pods and ask for no storage. */
const KINDS: ReadonlySet<string> = new Set([...Object.keys(POD_SPECS), 'PersistentVolumeClaim']);

/** Rules of NeuVector as policies, each deny rule one; allow rules that stand before it exempt from it. */
export function compileNeuvectorRules(
  { document, place }: ForeignDocumentOf<'neuvector-rules'>,
  context: ForeignContext,
  reading: Reading = 'neuvector',
): CompiledPolicy[] {
  const rules = document.rules.filter(({ disabled }) => !disabled);
  const look = lookOnce(context, reading);
  return rules
    .filter(({ allows }) => !allows)
    .map((rule) => {
      const before = rules.filter((other) => other.allows && other.rank <= rule.rank);
      const compiled = foreignPolicy(
        {
          name: `neuvector-rule-${rule.id}`,
          kind: 'NeuVector rule',
          metadata: { name: String(rule.id) },
          place,
          enforcement: enforcementOf(rule, document),
        },
        { judge: (facts, subject) => judge(rule, before, reading, look(facts, subject)) },
      );
      const { spec, ...policy } = compiled.policy;
      return {
        ...compiled,
        policy: { ...policy, spec: { ...spec, title: titleOf(rule) } },
        facts: new Set(FACTS),
        kinds: KINDS,
      };
    });
}

/** Criteria and operators that there are not, or that have nothing to be held against here. */
export function checkNeuvectorRules({ rules }: NeuvectorRules, report: ReportFault): void {
  rules.forEach(({ id, criteria, disabled }, index) => {
    if (disabled) return;
    criteria.forEach(({ name, type, op, sub_criteria: parts }, at) => {
      const unknown = [op, ...(parts ?? []).map((part) => part.op)].find((one) => one !== '' && !OPERATORS.has(one));
      if (unknown !== undefined) {
        report(['rules', index, 'criteria', at, 'op'], `rule ${id} compares by ${unknown}, which is not known`);
      }
      if (type === 'customPath' || name === 'customPath' || Object.hasOwn(CRITERIA, type || name)) return;
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

/** What there is to judge, container by container: the same for every rule. */
type Look = (facts: Facts, subject: PolicySubject) => readonly Held[] | Failure;

function lookOnce(context: ForeignContext, reading: Reading): Look {
  const known = new WeakMap<Facts, ReturnType<Look>>();
  return (facts, subject) => {
    const found = known.get(facts) ?? lookAt(facts, subject, context, reading);
    known.set(facts, found);
    return found;
  };
}

function lookAt(facts: Facts, subject: PolicySubject, context: ForeignContext, reading: Reading): ReturnType<Look> {
  const judged = judgedObject(facts, subject);
  if (judged === undefined) return [];
  const elements = judged.kind === 'PersistentVolumeClaim' ? [CLAIM] : elementsOf(judged, facts);
  if (elements instanceof Failure) return elements;
  const violates = violations(judged, context);
  return elements.map((element) => ({
    judged,
    container: judgedContainer(element, judged),
    violates,
    ownLabelsOnly: reading === 'kubewarden',
  }));
}

function judge(
  rule: NeuvectorRule,
  before: readonly NeuvectorRule[],
  reading: Reading,
  looked: ReturnType<Look>,
): Outcome[] {
  if (looked instanceof Failure) return [undecided(looked)];
  return looked.flatMap((held): Outcome[] => {
    const { element, type } = held.container;
    if (element !== CLAIM && !rule.containers.includes(type)) return [];
    const answer = describes(rule, held, reading);
    const isExempt =
      answer !== false &&
      before.some((other) => other.containers.includes(type) && describes(other, held, reading) === true);
    return [outcome(rule, isExempt ? false : answer, element === CLAIM ? undefined : element)];
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
