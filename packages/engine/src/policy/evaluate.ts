import type { Exception, Phase, PolicyResult } from '@breakwater/model';
import { candidatesOf } from './candidates.ts';
import { type CostBudget, Failure } from './cel/index.ts';
import type { CompiledRule } from './compile-rule.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { holdConditions, inNamespaceWith } from './conditions.ts';
import { bindElement, elementsOf } from './elements.ts';
import { Facts, type PolicySubject } from './facts/facts.ts';
import { itemNamed } from './facts/fault-fields.ts';
import { type Element, podSpecPointer } from './facts/workload.ts';
import { type FieldRoot, findField, findUnknown } from './field-path.ts';
import { matches } from './match.ts';
import { type Outcome, undecided } from './outcome.ts';
import { POLICY_COST_LIMIT } from './policy-expression.ts';
import { type Judging, resultOf } from './result.ts';
import type { Fault } from './screen/plan.ts';
import { answerOf, type Screened, screen } from './screen/screen.ts';
import { traitsOf } from './traits.ts';

/** What all policies together may cost on one subject: about a second. Those left then stay undecided. */
const SUBJECT_COST_LIMIT = 10 * POLICY_COST_LIMIT;

/**
 * Judges a subject by every policy of a phase that matches it. One result for each failing or undecided element, one
 * for each container that passes all rules, and otherwise one `pass` for the subject. Policies that do not match give
 * none. Never throws for anything in the subject: what cannot be judged is `unknown`.
 *
 * @param now ISO 8601; decides which exceptions are in force, and is the variable `now`.
 */
export function evaluatePolicies(
  policies: readonly CompiledPolicy[],
  subject: PolicySubject,
  phase: Phase,
  exceptions: readonly Exception[],
  now: string,
): PolicyResult[] {
  return evaluate(policies, { subject, phase, exceptions, now }, true);
}

/** The same without what passes: of ten thousand objects that is nearly all, and a report shows none of it. */
export function findFaults(
  policies: readonly CompiledPolicy[],
  subject: PolicySubject,
  phase: Phase,
  exceptions: readonly Exception[],
  now: string,
): PolicyResult[] {
  return evaluate(policies, { subject, phase, exceptions, now }, false);
}

function evaluate(
  policies: readonly CompiledPolicy[],
  asked: Pick<Judging, 'subject' | 'phase' | 'exceptions' | 'now'>,
  keepsPasses: boolean,
): PolicyResult[] {
  const { subject, phase, now } = asked;
  const judging: Judging = { ...asked, keepsPasses, traits: traitsOf(subject), facts: new Facts(subject, now) };
  const candidates = candidatesOf(policies, phase, judging.traits);
  const screened = screen(candidates, judging.facts, subject.place !== undefined);
  return (screened && judgeAll(candidates, judging, screened)) ?? judgeAll(candidates, judging) ?? [];
}

/** Undefined where the subject costs so much that it matters what was left out as kept already. */
function judgeAll(
  candidates: readonly CompiledPolicy[],
  judging: Judging,
  screened?: Screened,
): PolicyResult[] | undefined {
  const { keepsPasses } = judging;
  const results: PolicyResult[] = [];
  let left = SUBJECT_COST_LIMIT - (screened?.cost ?? 0);
  for (let index = 0; index < candidates.length; index += 1) {
    const isKept = screened?.open[index] === 0;
    if (isKept && !keepsPasses) continue;
    const compiled = candidates[index] as CompiledPolicy;
    if (!applies(compiled, judging)) continue;
    if (isKept) {
      for (const outcome of passesOf(compiled, judging.facts)) results.push(resultOf(compiled, outcome, judging));
      continue;
    }
    const budget = { remaining: Math.min(POLICY_COST_LIMIT - (screened?.cost ?? 0), left) };
    left -= budget.remaining;
    for (const outcome of outcomesOf(compiled, judging, budget, screened && { screened, index })) {
      if (keepsPasses || outcome.verdict !== 'pass') results.push(resultOf(compiled, outcome, judging));
    }
    left += budget.remaining;
    if (screened !== undefined && budget.remaining === 0) return undefined;
  }
  return screened !== undefined && left < POLICY_COST_LIMIT ? undefined : results;
}

/** Where in what was screened a policy stands. */
interface Standing {
  screened: Screened;
  /** Among the candidates. */
  index: number;
}

const applies = (compiled: CompiledPolicy, { subject, traits, facts }: Judging): boolean =>
  compiled.appliesTo?.(subject, facts) ?? matches(compiled, traits);

/** What a policy says of a subject that it matches as far as the subject itself decides; nothing where facts say no. */
export function outcomesOf(
  compiled: CompiledPolicy,
  judging: Judging,
  budget: CostBudget,
  standing?: Standing,
): readonly Outcome[] {
  const { facts, traits, subject } = judging;
  facts.budget = budget;
  if (compiled.judge !== undefined) return compiled.judge(facts, subject);
  const { params, bindVariables, conditions, policy } = compiled;
  facts['params'] = params ?? subject.facts?.['params'];
  if (bindVariables !== undefined) facts.variables = bindVariables(facts);
  const { namespaceSelector } = policy.spec.match;
  const inNamespace = namespaceSelector === undefined || inNamespaceWith(namespaceSelector, traits, facts);
  if (inNamespace === false) return [];
  const holds = conditions === undefined || holdConditions(conditions, facts);
  if (holds === false) return [];
  if (inNamespace !== true) return [undecided(inNamespace)];
  return holds === true ? judge(compiled, judging, standing) : [undecided(holds)];
}

/** Failures and unknowns of every rule, then what passed all of them. */
function judge(compiled: CompiledPolicy, judging: Judging, standing?: Standing): Outcome[] {
  const { facts, keepsPasses } = judging;
  const { rules } = compiled;
  let outcomes = NO_OUTCOMES;
  let containers: readonly (Element | undefined)[] = [];
  for (let number = 0; number < rules.length; number += 1) {
    const rule = rules[number]!;
    const elements = elementsOf(rule, facts);
    if (elements instanceof Failure) {
      outcomes = withOutcome(outcomes, undecided(elements));
      continue;
    }
    if (rule.each === 'containers') containers = elements;
    for (let at = 0; at < elements.length; at += 1) {
      const outcome = standing
        ? judgeKnown(rule, judging, elements[at], standing, number, at)
        : judgeRule(rule, judging, elements[at]);
      if (outcome !== undefined) outcomes = withOutcome(outcomes, outcome);
    }
  }
  if (!keepsPasses) return outcomes;
  if (outcomes.length === 0) return passes(containers);
  const faulty = new Set(outcomes.map(({ element }) => element));
  for (const element of containers) if (!faulty.has(element)) outcomes.push(passed(element));
  return outcomes;
}

/** What a policy says where all of its rules are kept. */
function passesOf({ rules }: CompiledPolicy, facts: Facts): readonly Outcome[] {
  const containers = rules.some(({ each }) => each === 'containers') ? facts.elements('containers') : [];
  return containers instanceof Failure ? [undecided(containers)] : passes(containers);
}

const passes = (containers: readonly (Element | undefined)[]): Outcome[] =>
  containers.length === 0 ? PASSED : containers.map(passed);

const passed = (element: Element | undefined): Outcome => ({ element, verdict: 'pass', message: '', missing: [] });

/** Most rules are kept: no list is made for those, and nothing is ever added to this one. */
const NO_OUTCOMES: Outcome[] = [];
Object.freeze(NO_OUTCOMES);

function withOutcome(outcomes: Outcome[], outcome: Outcome): Outcome[] {
  if (outcomes === NO_OUTCOMES) return [outcome];
  outcomes.push(outcome);
  return outcomes;
}

const PASSED: Outcome[] = [{ verdict: 'pass', message: '', missing: [] }];

/** The same by what equal elements gave before, where that is known. */
function judgeKnown(
  rule: CompiledRule,
  judging: Judging,
  element: Element | undefined,
  { screened, index }: Standing,
  number: number,
  at: number,
): Outcome | undefined {
  const asked = screened.plan.asked[index]![number];
  const answer = asked && answerOf(screened, asked.group, at);
  if (answer === undefined) return judgeRule(rule, judging, element);
  const position = answer.open.indexOf(asked!.rule);
  if (position === -1) return undefined;
  const fault = answer.faults[position];
  const { budget } = judging.facts;
  if (fault === undefined || budget === undefined) return judgeRule(rule, judging, element);
  if (fault.outcome === undefined) return judgeOnce(rule, judging, element, fault, budget);
  if (fault.cost >= budget.remaining) return judgeRule(rule, judging, element);
  budget.remaining -= fault.cost;
  const { verdict, message, missing, pointer } = fault.outcome;
  return pointer === undefined
    ? { element, verdict, message, missing }
    : { element, verdict, message, missing, pointer };
}

/** Keeps what is said, for elements that are equal; not where it was cut off by what it costs. */
function judgeOnce(
  rule: CompiledRule,
  judging: Judging,
  element: Element | undefined,
  fault: Fault,
  budget: CostBudget,
): Outcome | undefined {
  const before = budget.remaining;
  const outcome = judgeRule(rule, judging, element);
  if (outcome?.verdict !== 'fail' || budget.remaining === 0) return outcome;
  const { verdict, message, missing, pointer } = outcome;
  fault.outcome = { verdict, message, missing, ...(pointer && { pointer }) };
  fault.cost = before - budget.remaining;
  return outcome;
}

/** Undefined where the rule is kept. Fields at fault are only looked for where the subject stands somewhere. */
function judgeRule(rule: CompiledRule, judging: Judging, element: Element | undefined): Outcome | undefined {
  const { facts, traits, subject } = judging;
  bindElement(rule, facts, element);
  const value = rule.expression.evaluate(facts, facts.budget);
  if (value === rule.wanted) return undefined;
  const base = (root: FieldRoot): readonly (string | number)[] =>
    root === 'object' ? [] : root === 'workload.pod' ? (podSpecPointer(traits.kind) ?? []) : (element?.pointer ?? []);
  const isPlaced = subject.place !== undefined;
  if (typeof value !== 'boolean') {
    const pointer = isPlaced && findUnknown(facts.object, rule.fields, base);
    return { ...undecided(value), element, ...(pointer && { pointer }) };
  }
  const text = rule.message.evaluate(facts, facts.budget);
  const failure: Outcome = { element, verdict: 'fail', message: typeof text === 'string' ? text : '', missing: [] };
  if (rule.fields.length === 0 || !isPlaced) return failure;
  const pointer = findField(facts.object, rule.fields, base);
  if (rule.namesFields) return { ...failure, pointer };
  const isOutside = pointer.length < (element?.pointer.length ?? 0);
  return isOutside ? failure : { ...failure, pointer: itemNamed(facts.object, pointer, failure.message) };
}
