import type { Exception, JsonObject, Phase, Policy, PolicyResult, Rule } from '@breakwater/model';
import { evaluatePolicies } from '../evaluate.ts';
import type { PolicySubject } from '../facts/facts.ts';
import { loadPolicies } from '../load-policies.ts';

/** The moment of everything that does not give another. */
export const NOW = '2026-11-21T12:00:00Z';

/** A policy that forbids what rules say, in the build and deploy phases. */
export function policy(name: string, rules: Rule[], changes: Partial<Policy['spec']> = {}): Policy {
  return {
    apiVersion: 'breakwater/v1',
    kind: 'Policy',
    metadata: { name },
    spec: {
      title: `Title of ${name}`,
      why: 'Because.',
      fix: 'Mend it.',
      severity: 'high',
      controls: {},
      phases: ['build', 'deploy'],
      match: {},
      forbid: rules,
      enforcement: { build: 'block' },
      cases: [],
      ...changes,
    },
  };
}

/** Judges each container. */
export const privileged = policy('privileged', [
  { each: 'containers', expr: 'c.privileged', message: "c.name + ' is privileged'" },
]);

/** Judges a subject by policies, all of which must load. */
export function evaluate(
  policies: Policy[],
  subject: Omit<PolicySubject, 'id'>,
  { exceptions = [], now = NOW, phase = 'build' }: { exceptions?: Exception[]; now?: string; phase?: Phase } = {},
): PolicyResult[] {
  const loaded = loadPolicies(policies.map((document) => ({ policy: document, place: { source: 'policy.yaml' } })));
  const fault = loaded.unknowns.find(({ code }) => code === 'policy-invalid');
  if (fault !== undefined) throw new Error(fault.message);
  return evaluatePolicies(loaded.policies, { id: 'default/shop/Deployment/web', ...subject }, phase, exceptions, now);
}

/** A container as a manifest has it. */
export const container = (name: string, isPrivileged: boolean): JsonObject => ({
  name,
  image: `registry.example/${name}:1`,
  securityContext: { privileged: isPrivileged },
});

/** A Deployment in the namespace `shop`. */
export const deployment = (...containers: JsonObject[]): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels: { team: 'a' } },
  spec: { template: { spec: { containers, initContainers: [container('init', true)] } } },
});
