import type { Policy, PolicyDocument, Rule } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { evaluatePolicies } from './evaluate.ts';
import { parseKubernetesVersion } from './kubernetes-version.ts';
import { loadPolicies } from './load-policies.ts';
import type { PolicySelection } from './select-policies.ts';
import { testPolicy } from './test-policy.ts';

function document(name: string, require: Rule[], changes: Partial<Policy['spec']> = {}): PolicyDocument {
  const spec: Policy['spec'] = {
    title: name,
    why: 'Because.',
    fix: 'Mend it.',
    severity: 'high',
    controls: {},
    phases: ['build'],
    match: {},
    require,
    enforcement: {},
    cases: [],
    ...changes,
  };
  return { policy: { apiVersion: 'breakwater/v1', kind: 'Policy', metadata: { name }, spec }, place: { source: 'p' } };
}

const fails = (kubernetes?: Rule['kubernetes']): Rule => ({
  expr: "object.kind == 'x'",
  message: "'no'",
  ...(kubernetes ? { kubernetes } : {}),
});

const namesInForce = (documents: PolicyDocument[], selection: PolicySelection = {}): string[] =>
  loadPolicies(documents, selection).policies.map(({ policy }) => policy.metadata.name);

describe('policies in force', () => {
  it.each([
    ['1.18', ['old']],
    ['v1.19', ['new']],
    ['1.29.4-gke.1043000', ['new']],
    ['latest', ['new']],
  ])('for %s are those with a rule that holds for it', (version, expected) => {
    const documents = [
      document('old', [fails({ before: '1.19' })]),
      document('new', [fails({ from: '1.19' })]),
      document('never', [fails({ from: '1.20', before: '1.20' })]),
    ];
    expect(namesInForce(documents, { kubernetes: parseKubernetesVersion(version) })).toEqual(expected);
  });

  it.each(['', '1', '2.1', '1.x', 'v1.29;', '1.29.', ' 1.29'])('know no version %j', (version) => {
    expect(parseKubernetesVersion(version)).toBeUndefined();
  });

  it('are without those of packs that nobody asked for', () => {
    const documents = [document('always', [fails()]), document('strict', [fails()], { pack: 'strict' })];
    expect(namesInForce(documents)).toEqual(['always']);
    expect(namesInForce(documents, { packs: ['strict'] })).toEqual(['always', 'strict']);
  });

  it('are without what another one overrides, while that one has a rule and judges the same phases', () => {
    const documents = [
      document('lesser', [fails()]),
      document('greater', [fails({ from: '1.20' })], { pack: 'strict', overrides: ['lesser'] }),
    ];
    expect(namesInForce(documents)).toEqual(['lesser']);
    expect(namesInForce(documents, { packs: ['strict'] })).toEqual(['greater']);
    expect(namesInForce(documents, { packs: ['strict'], kubernetes: 19 })).toEqual(['lesser']);
    const everywhere = document('lesser', [fails()], { phases: ['build', 'run'] });
    expect(namesInForce([everywhere, documents[1]!], { packs: ['strict'] })).toEqual(['lesser', 'greater']);
  });

  it('never lose a policy to one that does not judge the same objects', () => {
    const { unknowns } = loadPolicies([
      document('narrow', [fails()], { overrides: ['lesser'], match: { namespaces: { include: ['a'] } } }),
    ]);
    expect(unknowns).toMatchObject([{ code: 'policy-invalid', place: { pointer: ['spec', 'overrides'] } }]);
  });
});

describe('cases of a policy', () => {
  it('are judged by the rules for their version', () => {
    const given = { object: { kind: 'Pod' } };
    const { all } = loadPolicies([
      document('p', [fails({ before: '1.19' })], {
        cases: [
          { name: 'old', kubernetes: '1.18', given, verdict: 'fail' },
          { name: 'new', given, verdict: 'pass' },
        ],
      }),
    ]);
    expect(all.flatMap(testPolicy).map(({ name, passed }) => [name, passed])).toEqual([
      ['old', true],
      ['new', true],
    ]);
  });
});

describe('a policy of ours', () => {
  it('is compiled when it judges, and gives what it gives compiled at once', () => {
    const rules: Rule[] = [
      { each: 'containers', expr: "c.image != 'vulnerabilities' && workload.kind == 'Pod'", message: 'c.name' },
    ];
    const now = document('p', rules);
    const object = { kind: 'Pod', spec: { containers: [{ name: 'a', image: 'vulnerabilities' }] } };
    const [atOnce, later] = [now, { ...now, builtIn: true }].map((each) => loadPolicies([each]).policies[0]!);
    expect(later?.facts).toEqual(atOnce?.facts);
    expect(later?.about).toBe('workload');
    const judge = (policy = atOnce!): unknown =>
      evaluatePolicies([policy], { id: 'a', object }, 'build', [], '2026-01-01T00:00:00Z');
    expect(judge(later)).toEqual(judge(atOnce));
    expect(judge(later)).toMatchObject([{ verdict: 'fail', message: 'a' }]);
  });
});
