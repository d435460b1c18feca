import type { JsonObject } from '@breakwater/model';
import type { CompiledRule } from '../compile-rule.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import type { Outcome } from '../outcome.ts';
import { partsTold } from './parts-told.ts';
import { type Part, readParts } from './read-parts.ts';

/** A rule that parts alone decide. */
export interface ScreenedRule {
  rule: CompiledRule;
  /** Of its policy among the candidates. */
  policy: number;
  params: JsonObject | undefined;
  /** Among the parts of the plan, those that its message and its fields depend on; undefined where that may be more. */
  told: readonly number[] | undefined;
}

/** What is known of equal parts. */
export interface Known {
  /** What all rules cost. */
  cost: number;
  /** Rules of the group that are not kept. */
  open: readonly number[];
  /** For each of these, what was said where the parts that are told of were equal too. */
  faults: readonly Map<string, Fault>[];
}

/** What a rule that is not kept says, once it was asked. */
export interface Fault {
  /** Of whatever element. */
  outcome?: Outcome;
  /** What saying it cost. */
  cost: number;
}

/** Rules that the same parts decide. */
export interface RuleGroup {
  each: 'containers' | undefined;
  /** Among the parts of the plan. */
  parts: readonly number[];
  rules: readonly ScreenedRule[];
  policies: readonly number[];
  known: Map<string, Known>;
  /** How much is remembered of what rules say. */
  faults: number;
  asked: number;
  missed: number;
}

/** Where a rule is asked: the group, and its place in that. */
export interface Asked {
  group: number;
  rule: number;
}

/** What can be known before the candidates are judged one by one. */
export interface Plan {
  /** For each candidate 1 where it has to be judged. */
  open: Uint8Array;
  parts: readonly Part[];
  groups: readonly RuleGroup[];
  /** For each candidate and each of its rules. */
  asked: readonly (readonly (Asked | undefined)[])[];
}

/**
 * Groups the rules of candidates. A policy is left out of it where anything but parts may decide whether its rules are
 * asked at all; where that is so of one rule, this one is asked each time.
 */
export function planFor(candidates: readonly CompiledPolicy[]): Plan {
  const open = new Uint8Array(candidates.length);
  const parts = new Map<string, Part>();
  const rules: PlannedRule[] = [];
  for (const [policy, compiled] of candidates.entries()) {
    const found = isPlain(compiled) ? compiled.rules.map((rule) => partsOf(rule, compiled)) : [];
    if (found.length === 0 || found.some((read) => read === undefined)) open[policy] = 1;
    for (const [index, read] of found.entries()) {
      if (read === undefined) continue;
      const rule = compiled.rules[index]!;
      const told = partsTold(rule, compiled.params !== undefined);
      for (const [name, part] of [...read, ...(told ?? [])]) parts.set(name, part);
      rules.push({ rule, index, policy, params: compiled.params, reads: new Set(read.keys()), tells: told?.keys() });
    }
  }
  const names = [...parts.keys()];
  const groups = groupsOf(rules);
  const asked: (Asked | undefined)[][] = candidates.map(() => []);
  for (const [group, own] of groups.entries())
    for (const [rule, { policy, index }] of own.entries()) asked[policy]![index] = { group, rule };
  return { open, parts: [...parts.values()], groups: groups.map((group) => asGroup(group, names)), asked };
}

type PlannedRule = Omit<ScreenedRule, 'told'> & {
  /** Among the rules of its policy. */
  index: number;
  reads: ReadonlySet<string>;
  tells: Iterable<string> | undefined;
};

const eachOf = ({ rule }: Pick<PlannedRule, 'rule'>): RuleGroup['each'] =>
  rule.each === 'containers' ? rule.each : undefined;

/* Asking costs more than a longer key: rules on one field of containers are one group, and those of one policy. */
function groupsOf(rules: readonly PlannedRule[]): PlannedRule[][] {
  const byField = Map.groupBy(rules, (rule) => {
    const own = [...rule.reads].filter((name) => eachOf(rule) === undefined || name.startsWith('container.'));
    return [eachOf(rule), ...own.sort()].join(' ');
  });
  const byPolicies = Map.groupBy(byField.values(), (group) =>
    [eachOf(group[0]!), ...new Set(group.map(({ policy }) => policy))].join(' '),
  );
  return [...byPolicies.values()].map((groups) => groups.flat());
}

function asGroup(rules: PlannedRule[], names: readonly string[]): RuleGroup {
  const reads = new Set(rules.flatMap((rule) => [...rule.reads]));
  const numbersOf = (wanted: ReadonlySet<string>) => names.flatMap((name, index) => (wanted.has(name) ? index : []));
  return {
    each: eachOf(rules[0]!),
    parts: numbersOf(reads),
    rules: rules.map(({ rule, policy, params, tells }) => {
      /* What is read by the group is equal already. */
      const told = tells && numbersOf(new Set(tells).difference(reads));
      return { rule, policy, params, told };
    }),
    policies: [...new Set(rules.map(({ policy }) => policy))],
    known: new Map(),
    faults: 0,
    asked: 0,
    missed: 0,
  };
}

/* Conditions and selectors may leave undecided what no rule is broken by. */
const isPlain = ({ judge, appliesTo, bindVariables, conditions, policy }: CompiledPolicy): boolean =>
  judge === undefined &&
  appliesTo === undefined &&
  bindVariables === undefined &&
  conditions === undefined &&
  policy.spec.match.namespaceSelector === undefined;

function partsOf(
  { each, expression }: CompiledRule,
  { params }: CompiledPolicy,
): ReadonlyMap<string, Part> | undefined {
  if (each !== undefined && each !== 'containers') return undefined;
  const reads = readParts(expression.source);
  return reads === undefined || (reads.params && params === undefined) ? undefined : reads.parts;
}
