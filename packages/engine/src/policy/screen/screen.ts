import { Failure } from '../cel/index.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { bindElement } from '../elements.ts';
import type { Facts } from '../facts/facts.ts';
import type { Element } from '../facts/workload.ts';
import { POLICY_COST_LIMIT } from '../policy-expression.ts';
import { PartTexts } from './part-texts.ts';
import { type Known, type Plan, planFor, type RuleGroup } from './plan.ts';

/** Which candidates are left to be judged. */
export interface Screened {
  /** For each candidate 1 where it has to be judged; the others are kept by every element. */
  open: Uint8Array;
  /** What the others would have cost. */
  cost: number;
}

/** Lists that fewer subjects are judged by are not worth a plan: most commands read a few manifests. */
const WORTH_A_PLAN = 16;
/** Values that a group remembers, and how long their texts may be: whoever writes objects writes these. */
const MOST_KNOWN = 1_000;
const LONGEST_KEY = 1_000;
/** Groups that were asked so often, and knew less than half, are not asked again. */
const TRIAL = 256;

const plans = new WeakMap<readonly CompiledPolicy[], { asked: number; plan?: Plan }>();

/**
 * Finds the candidates that a subject keeps because others, whose parts are equal to its own, kept them: of ten thousand
 * manifests most say the same of security contexts, images and volumes. Undefined where nothing is known beforehand.
 */
export function screen(candidates: readonly CompiledPolicy[], facts: Facts): Screened | undefined {
  const { written } = facts;
  const plan = written && planOf(candidates);
  if (plan === undefined || plan.groups.length === 0) return undefined;
  const elements = facts.elements('containers');
  if (elements instanceof Failure) return undefined;
  const screened: Screened = { open: plan.open.slice(), cost: 0 };
  const texts = new PartTexts(plan.parts, written!);
  for (const group of plan.groups) if (group.each === undefined) ask(group, facts, undefined, texts, screened);
  for (const element of elements) {
    texts.enter(element);
    for (const group of plan.groups) if (group.each !== undefined) ask(group, facts, element, texts, screened);
  }
  return screened.cost > POLICY_COST_LIMIT ? undefined : screened;
}

function planOf(candidates: readonly CompiledPolicy[]): Plan | undefined {
  let kept = plans.get(candidates);
  if (kept === undefined) {
    kept = { asked: 0 };
    plans.set(candidates, kept);
  }
  kept.asked += 1;
  if (kept.asked >= WORTH_A_PLAN) kept.plan ??= planFor(candidates);
  return kept.plan;
}

function ask(group: RuleGroup, facts: Facts, element: Element | undefined, texts: PartTexts, screened: Screened): void {
  const known = isWorthAsking(group) ? knownOf(group, facts, element, texts) : undefined;
  const { open } = screened;
  const left = known === undefined ? group.policies : known.open;
  for (let index = 0; index < left.length; index += 1) open[left[index]!] = 1;
  if (known !== undefined) screened.cost += known.cost;
}

const isWorthAsking = ({ asked, missed }: RuleGroup): boolean => asked < TRIAL || missed * 2 < asked;

function knownOf(group: RuleGroup, facts: Facts, element: Element | undefined, texts: PartTexts): Known | undefined {
  const key = texts.of(group.parts);
  if (key === '' || key.length > LONGEST_KEY) return undefined;
  group.asked += 1;
  let known = group.known.get(key);
  if (known === undefined) {
    group.missed += 1;
    if (group.known.size >= MOST_KNOWN) return undefined;
    known = evaluateRules(group, facts, element);
    group.known.set(key, known);
  }
  return known;
}

function evaluateRules({ rules }: RuleGroup, facts: Facts, element: Element | undefined): Known {
  const open: number[] = [];
  let cost = 0;
  for (const { rule, policy, params } of rules) {
    const budget = { remaining: POLICY_COST_LIMIT };
    facts['params'] = params;
    bindElement(rule, facts, element);
    if (rule.expression.evaluate(facts, budget) !== rule.wanted) open.push(policy);
    cost += POLICY_COST_LIMIT - budget.remaining;
  }
  return { open, cost };
}
