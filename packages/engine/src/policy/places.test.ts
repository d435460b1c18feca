import type { Policy, Rule } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { loadPolicies } from './load-policies.ts';
import { placesOf } from './places.ts';
import { policy } from './testing/sample-policies.ts';

function places(expr: string, changes: Partial<Policy['spec']> = {}, gaps: string[] = []): unknown[] {
  const rules: Rule[] = [{ expr, message: "'no'" }];
  const document = policy('p', rules, {
    phases: ['build', 'deploy', 'run'],
    enforcement: { build: 'block' },
    ...changes,
  });
  const [compiled] = loadPolicies([{ policy: document, place: { source: 'p.yaml' } }]).policies;
  return placesOf(compiled!, gaps).map(({ phase, enforcement, by, why }) => [phase, enforcement, by, why]);
}

describe('placesOf', () => {
  it('gives what needs the object alone to the gate and the API server', () => {
    expect(places("object.kind == 'Pod'")).toEqual([
      ['build', 'block', 'ci-gate', 'breakwater scan refuses manifests'],
      ['deploy', 'audit', 'validating-admission-policy', expect.any(String)],
      ['run', 'audit', 'nobody', expect.stringContaining('nothing is stopped')],
    ]);
  });

  it('gives the webhook what the API server cannot do, with its reason', () => {
    expect(
      places('size(vulnerabilities) > 0', { phases: ['deploy'], enforcement: {} }, ['it needs the image']),
    ).toEqual([['deploy', 'audit', 'webhook', 'it needs the image']]);
  });

  it.each<[string, string, Partial<Policy['spec']>, string[]]>([
    ['a request', "request.operation == 'CREATE'", {}, ['nobody', 'validating-admission-policy', 'nobody']],
    ['a fact that nothing supplies', 'profile.known', {}, ['nobody', 'nobody', 'nobody']],
    ['parameters that it has not', 'object.spec.replicas > params.most', {}, ['nobody', 'nobody', 'nobody']],
    [
      'parameters of its own',
      'object.spec.replicas > params.most',
      { params: { most: 1 } },
      ['ci-gate', 'validating-admission-policy', 'nobody'],
    ],
    [
      'deletions',
      'oldObject == null',
      { match: { operations: ['DELETE'] } },
      ['nobody', 'validating-admission-policy', 'nobody'],
    ],
    ['events', "process.path == '/bin/sh'", { match: { events: ['exec'] } }, ['nobody', 'nobody', 'sensor']],
  ])('of a policy on %s', (_, expr, changes, expected) => {
    expect(places(expr, changes).map((place) => (place as string[])[2])).toEqual(expected);
  });
});
