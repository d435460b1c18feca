import { Failure } from '../cel/index.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { bindElement } from '../elements.ts';
import type { Facts } from '../facts/facts.ts';
import type { Element } from '../facts/workload.ts';
import { POLICY_COST_LIMIT } from '../policy-expression.ts';
import { PartTexts } from './part-texts.ts';
import { type Fault, type Known, type Plan, planFor, type RuleGroup } from './plan.ts';

/** Which candidates are left to be judged. */
export interface Screened {
  /** For each candidate 1 where it has to be judged; the others are kept by every element. */
  open: Uint8Array;
  /** What the others would have cost, and the rules of these that are known. */
  cost: number;
  plan: Plan;
  /** What is known of the rules of each group, and for each container where they go through these: see `answerOf`. */
  answers: (Answer | undefined)[];
}

/** What is known of the rules of a group beforehand. */
export interface Answer {
  /** Those that are not kept. */
  open: readonly number[];
  /** For each of these what it says; undefined where it has to be asked. */
  faults: readonly (Fault | undefined)[];
}

/** What is known of the rules of a group at an element; 0 where they go through none. */
export const answerOf = ({ answers, plan }: Screened, group: number, element: number): Answer | undefined =>
  answers[element * plan.groups.length + group];

/** Lists that fewer subjects are judged by are not worth a plan: most commands read a few manifests. */
const WORTH_A_PLAN = 16;
/** Values that a group remembers, and how long their texts may be: whoever writes objects writes these. */
const MOST_KNOWN = 1_000;
const LONGEST_KEY = 1_000;
/** How long the text of what is told may be beside that: a name, mostly. */
const LONGEST_TOLD = 200;
/** Groups that were asked so often, and knew less than half, are not asked again. */
const TRIAL = 256;

const plans = new WeakMap<readonly CompiledPolicy[], { asked: number; plan?: Plan }>();

/**
 * Finds the candidates that a subject keeps because others, whose parts are equal to its own, kept them: of ten thousand
 * manifests most say the same of security contexts, images and volumes. Undefined where nothing is known beforehand.
 */
export function screen(candidates: readonly CompiledPolicy[], facts: Facts, isPlaced: boolean): Screened | undefined {
  const { written } = facts;
  const plan = written && planOf(candidates);
  if (plan === undefined || plan.groups.length === 0) return undefined;
  const elements = facts.elements('containers');
  if (elements instanceof Failure) return undefined;
  const screened: Screened = { open: plan.open.slice(), cost: 0, plan, answers: [] };
  /* Of what goes away nothing is told by its fields, and of what stands nowhere neither. */
  const tells = isPlaced && facts.object === written?.object;
  const texts = new PartTexts(plan.parts, written!);
  for (let group = 0; group < plan.groups.length; group += 1)
    if (plan.groups[group]!.each === undefined) ask(screened, group, facts, undefined, texts, 0, tells);
  for (let at = 0; at < elements.length; at += 1) {
    const element = elements[at]!;
    texts.enter(element);
    for (let group = 0; group < plan.groups.length; group += 1)
      if (plan.groups[group]!.each !== undefined) ask(screened, group, facts, element, texts, at, tells);
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

function ask(
  screened: Screened,
  number: number,
  facts: Facts,
  element: Element | undefined,
  texts: PartTexts,
  at: number,
  tells: boolean,
): void {
  const { open, plan } = screened;
  const group = plan.groups[number]!;
  const known = isWorthAsking(group) ? knownOf(group, facts, element, texts) : undefined;
  if (known === undefined) {
    for (let index = 0; index < group.policies.length; index += 1) open[group.policies[index]!] = 1;
    return;
  }
  screened.cost += known.cost;
  screened.answers[at * plan.groups.length + number] = answer(group, known, open, element, texts, tells);
}

/** Where all rules are kept. */
const KEPT: Answer = { open: [], faults: [] };

function answer(
  group: RuleGroup,
  known: Known,
  open: Uint8Array,
  element: Element | undefined,
  texts: PartTexts,
  tells: boolean,
): Answer {
  if (known.open.length === 0) return KEPT;
  const faults: (Fault | undefined)[] = [];
  for (let index = 0; index < known.open.length; index += 1) {
    const { policy, told } = group.rules[known.open[index]!]!;
    open[policy] = 1;
    faults.push(told && tells ? faultOf(group, known.faults[index]!, told, element, texts) : undefined);
  }
  return { open: known.open, faults };
}

/** What was said before of what is equal in all that it tells, or what to keep it in. */
function faultOf(
  group: RuleGroup,
  faults: Map<string, Fault>,
  told: readonly number[],
  element: Element | undefined,
  texts: PartTexts,
): Fault | undefined {
  const text = texts.of(told);
  if (text === '' || text.length > LONGEST_TOLD) return undefined;
  /* The end of its path says in which list it is, and where: what is at fault is told by a path. */
  const key = element === undefined ? text : `${element.pointer.slice(-2).join(' ')} ${text}`;
  let fault = faults.get(key);
  if (fault === undefined && group.faults < MOST_KNOWN) {
    group.faults += 1;
    fault = { cost: 0 };
    faults.set(key, fault);
  }
  return fault;
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
  for (const [index, { rule, params }] of rules.entries()) {
    const budget = { remaining: POLICY_COST_LIMIT };
    facts['params'] = params;
    bindElement(rule, facts, element);
    if (rule.expression.evaluate(facts, budget) !== rule.wanted) open.push(index);
    cost += POLICY_COST_LIMIT - budget.remaining;
  }
  return { open, cost, faults: open.map(() => new Map()) };
}
