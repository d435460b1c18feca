import type { Exception, Phase, Place, PolicyResult } from '@breakwater/model';
import { Failure } from './cel/index.ts';
import type { CompiledRule } from './compile-rule.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { bindElement, elementsOf } from './elements.ts';
import { findException } from './exceptions.ts';
import { Facts, type PolicySubject } from './facts/facts.ts';
import type { Element } from './facts/workload.ts';
import { matches, type SubjectTraits, traitsOf } from './match.ts';
import { type Outcome, undecided } from './outcome.ts';

interface Judging {
  subject: PolicySubject;
  traits: SubjectTraits;
  facts: Facts;
  phase: Phase;
  exceptions: readonly Exception[];
  now: string;
}

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
  const judging: Judging = {
    subject,
    traits: traitsOf(subject),
    facts: new Facts(subject, now),
    phase,
    exceptions,
    now,
  };
  const results: PolicyResult[] = [];
  for (const compiled of policies) {
    if (!compiled.policy.spec.phases.includes(phase) || !applies(compiled, judging)) continue;
    const outcomes = compiled.judge?.(judging.facts, subject) ?? judge(compiled, judging.facts);
    for (const outcome of outcomes) results.push(resultOf(compiled, outcome, judging));
  }
  return results;
}

const applies = (compiled: CompiledPolicy, { subject, traits, facts }: Judging): boolean =>
  compiled.appliesTo?.(subject, facts) ?? matches(compiled, traits);

/** Failures and unknowns of every rule, then what passed all of them. */
function judge(compiled: CompiledPolicy, facts: Facts): Outcome[] {
  const outcomes: Outcome[] = [];
  const passed = new Set<Element>();
  const failed = new Set<Element>();
  for (const rule of compiled.rules) {
    const elements = elementsOf(rule, facts);
    if (elements instanceof Failure) {
      outcomes.push(undecided(elements));
      continue;
    }
    for (const element of elements) {
      const outcome = judgeRule(rule, facts, element);
      if (outcome !== undefined) outcomes.push(outcome);
      if (element !== undefined && rule.each === 'containers') (outcome === undefined ? passed : failed).add(element);
    }
  }
  for (const element of passed) {
    if (!failed.has(element))
      outcomes.push({ element, verdict: 'pass', message: compiled.policy.spec.title, missing: [] });
  }
  if (outcomes.length === 0) outcomes.push({ verdict: 'pass', message: compiled.policy.spec.title, missing: [] });
  return outcomes;
}

/** Undefined where the rule is kept. */
function judgeRule(rule: CompiledRule, facts: Facts, element: Element | undefined): Outcome | undefined {
  bindElement(rule, facts, element);
  const value = rule.expression.evaluate(facts);
  if (value === rule.wanted) return undefined;
  if (typeof value !== 'boolean') return { ...undecided(value), element };
  const message = rule.message.evaluate(facts);
  return { element, verdict: 'fail', message: typeof message === 'string' ? message : '', missing: [] };
}

function resultOf(compiled: CompiledPolicy, outcome: Outcome, judging: Judging): PolicyResult {
  const { metadata, spec } = compiled.policy;
  const { subject, phase } = judging;
  const result: PolicyResult = {
    policy: metadata.name,
    title: spec.title,
    severity: spec.severity,
    subject: subject.id,
    phase,
    verdict: outcome.verdict,
    enforcement: outcome.enforcement ?? spec.enforcement[phase] ?? 'audit',
    message: outcome.message === '' ? spec.title : outcome.message,
    fix: spec.fix,
    missing: [...outcome.missing],
  };
  if (outcome.element !== undefined) result.element = outcome.element.name;
  if (subject.place !== undefined) result.place = placeOf(subject.place, outcome);
  if (outcome.verdict !== 'pass' && judging.exceptions.length > 0) {
    const exception = exceptionOf(metadata.name, outcome, judging);
    if (exception !== undefined) result.exception = exception.metadata.name;
  }
  return result;
}

function placeOf(place: Place, { element, pointer = element?.pointer }: Outcome): Place {
  if (pointer === undefined || pointer.length === 0) return place;
  return { ...place, pointer: [...(place.pointer ?? []), ...pointer] };
}

const texts = (values: readonly unknown[]): string[] => values.filter((value) => typeof value === 'string');

function exceptionOf(policy: string, { element }: Outcome, judging: Judging): Exception | undefined {
  const { subject, traits, exceptions, now } = judging;
  const { id, aliases } = element?.value ?? {};
  const vulnerabilities = texts([id, ...(Array.isArray(aliases) ? aliases : [])]);
  const images = imagesConcerned(element, judging);
  return findException(exceptions, { ...traits, policy, id: subject.id, images, vulnerabilities }, now);
}

/** The container's image, the pod's, or the one that is judged itself. */
function imagesConcerned(element: Element | undefined, { subject, traits, facts }: Judging): string[][] {
  if (traits.kind === '') return [texts([subject.id, subject.image?.target, ...(subject.image?.references ?? [])])];
  if (element?.value['image'] !== undefined) return [texts([element.value['image']])];
  const containers = facts.elements('containers');
  return containers instanceof Failure ? [] : containers.map(({ value }) => texts([value['image']]));
}
