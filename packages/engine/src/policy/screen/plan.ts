import type { JsonObject } from '@breakwater/model';
import type { CompiledRule } from '../compile-rule.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { type Part, readParts } from './read-parts.ts';

/** A rule that parts alone decide. */
export interface ScreenedRule {
  rule: CompiledRule;
  /** Of its policy among the candidates. */
  policy: number;
  params: JsonObject | undefined;
}

/** What is known of equal parts. */
export interface Known {
  /** What all rules cost. */
  cost: number;
  /** Policies with a rule that is not kept. */
  open: readonly number[];
}

/** Rules that the same parts decide. */
export interface RuleGroup {
  each: 'containers' | undefined;
  /** Among the parts of the plan. */
  parts: readonly number[];
  rules: readonly ScreenedRule[];
  policies: readonly number[];
  known: Map<string, Known>;
  asked: number;
  missed: number;
}

/** What can be known before the candidates are judged one by one. */
export interface Plan {
  /** For each candidate 1 where it has to be judged. */
  open: Uint8Array;
  parts: readonly Part[];
  groups: readonly RuleGroup[];
}

/** Groups the rules of candidates. A policy is left out of it where anything but parts may decide what it says. */
export function planFor(candidates: readonly CompiledPolicy[]): Plan {
  const open = new Uint8Array(candidates.length);
  const parts = new Map<string, Part>();
  const rules: PlannedRule[] = [];
  for (const [policy, compiled] of candidates.entries()) {
    const found = isPlain(compiled) ? compiled.rules.map((rule) => partsOf(rule, compiled)) : [undefined];
    if (found.some((read) => read === undefined)) open[policy] = 1;
    else {
      for (const [index, read] of found.entries()) {
        for (const [name, part] of read ?? []) parts.set(name, part);
        rules.push({ rule: compiled.rules[index]!, policy, params: compiled.params, reads: new Set(read?.keys()) });
      }
    }
  }
  const names = [...parts.keys()];
  return { open, parts: [...parts.values()], groups: groupsOf(rules).map((group) => asGroup(group, names)) };
}

type PlannedRule = ScreenedRule & { reads: ReadonlySet<string> };

const eachOf = ({ rule }: PlannedRule): RuleGroup['each'] => (rule.each === 'containers' ? rule.each : undefined);

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
  return {
    each: eachOf(rules[0]!),
    parts: names.flatMap((name, index) => (reads.has(name) ? index : [])),
    rules,
    policies: [...new Set(rules.map(({ policy }) => policy))],
    known: new Map(),
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
