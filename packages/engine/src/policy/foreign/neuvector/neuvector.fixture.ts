import type { JsonObject, PolicyResult } from '@breakwater/model';
import { type NeuvectorRules, neuvectorRulesSchema } from '@breakwater/model/foreign';
import { evaluatePolicies } from '../../evaluate.ts';
import type { PolicySubject } from '../../facts/facts.ts';
import { compileNeuvectorRules, type Reading } from './index.ts';

export type Criterion = [name: string, op: string, value: string, sub?: [name: string, op: string, value: string][]];

const criterionOf = ([name, op, value, sub = []]: Criterion): JsonObject => ({
  name,
  op,
  value,
  sub_criteria: sub.map(([of, by, than]) => ({ name: of, op: by, value: than })),
});

/** Rules as NeuVector exports them. */
export const exported = (...rules: JsonObject[]): NeuvectorRules => neuvectorRulesSchema().parse({ rules });

export const deny = (...criteria: Criterion[]): JsonObject => ({
  id: 1000,
  rule_type: 'deny',
  rule_mode: 'protect',
  criteria: criteria.map(criterionOf),
});

export const deployment = (container: JsonObject = {}, spec: JsonObject = {}, labels: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels },
  spec: {
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { ...spec, containers: [{ name: 'web', image: 'nginx:1.21', ...container }] },
    },
  },
});

export function judge(
  rules: NeuvectorRules,
  object: JsonObject,
  more: Partial<PolicySubject> = {},
  reading: Reading = 'neuvector',
): PolicyResult[] {
  const policies = compileNeuvectorRules(
    { language: 'neuvector-rules', kind: 'rules', place: { source: 'rules.json' }, document: rules },
    { companions: [], podSecurity: new Map() },
    reading,
  );
  return evaluatePolicies(policies, { id: 'web', object, ...more }, 'deploy', [], '2026-01-01T00:00:00Z');
}

export const verdict = (...given: Parameters<typeof judge>): string =>
  judge(...given)
    .map((result) => result.verdict)
    .join();
