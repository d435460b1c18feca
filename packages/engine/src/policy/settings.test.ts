import type { Policy, Rule, Setting } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { loadPolicies } from './load-policies.ts';
import { policy } from './testing/sample-policies.ts';

const rules: Rule[] = [{ expr: 'object.spec.replicas > params.most', message: "'no'" }];
const policies: Policy[] = [
  policy('few-replicas', rules, { params: { most: 2 }, enforcement: {} }),
  policy('few-pods', rules, { params: { most: 2 }, phases: ['build'], enforcement: {} }),
];

function load(spec: Setting['spec'], more: Setting['spec'][] = []): ReturnType<typeof loadPolicies> {
  const settings = [spec, ...more].map(
    (each): Setting => ({
      apiVersion: 'breakwater/v1',
      kind: 'Setting',
      metadata: { name: 'ours' },
      spec: each,
      place: { source: 'settings.yaml', document: 1 },
    }),
  );
  const documents = policies.map((each) => ({ policy: each, place: { source: 'p.yaml' } }));
  return loadPolicies(documents, {}, [], settings);
}

describe('settings', () => {
  it('change how far policies are enforced and their parameters, and nothing of the policies themselves', () => {
    const { policies: changed, unknowns } = load({
      policies: ['few-replicas'],
      enforcement: { build: 'block' },
      params: { most: 5 },
    });
    expect(unknowns).toEqual([]);
    expect(changed.map(({ policy: { spec }, params }) => [spec.enforcement.build, params])).toEqual([
      ['block', { most: 5 }],
      [undefined, { most: 2 }],
    ]);
    expect(policies[0]?.spec).toMatchObject({ enforcement: {}, params: { most: 2 } });
  });

  it('by a pattern change each policy as far as it goes', () => {
    const { policies: changed, unknowns } = load({ policies: ['few-*'], enforcement: { deploy: 'warn' } });
    expect(unknowns).toEqual([]);
    expect(changed.map(({ policy: { spec } }) => spec.enforcement.deploy)).toEqual(['warn', undefined]);
  });

  it('count in their order: the last word stays', () => {
    const [first] = load({ policies: ['*'], enforcement: { build: 'block' } }, [
      { policies: ['few-replicas'], enforcement: { build: 'warn' } },
    ]).policies;
    expect(first?.policy.spec.enforcement.build).toBe('warn');
  });

  it.each<[string, Setting['spec'], (string | number)[], RegExp]>([
    ['a policy that there is not', { policies: ['few-replica'] }, ['policies', 0], /no policy few-replica/],
    ['a pattern of nothing', { policies: ['few-replicas', 'x*'] }, ['policies', 1], /no policy x\*/],
    [
      'a phase it is not judged in',
      { policies: ['few-pods'], enforcement: { deploy: 'block' } },
      ['enforcement', 'deploy'],
      /not judged in deploy/,
    ],
    ['a parameter it has not', { policies: ['few-pods'], params: { least: 1 } }, ['params', 'least'], /no parameter/],
    [
      'a parameter of another type',
      { policies: ['few-pods'], params: { most: '1' } },
      ['params', 'most'],
      /is a number, not a string/,
    ],
  ])('tell %s with its place', (_, spec, pointer, message) => {
    const { policies: loaded, unknowns } = load(spec);
    expect(loaded).toHaveLength(2);
    expect(unknowns).toEqual([
      {
        code: 'setting-invalid',
        message: expect.stringMatching(message),
        place: { source: 'settings.yaml', document: 1, pointer: ['spec', ...pointer] },
      },
    ]);
  });
});
