import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { compile, cronJob, deployment, inShort, judge, pod } from '../testing/judge-foreign.ts';
import { type Document, PODS, policy, rule, TEAM } from '../testing/kyverno-rules.ts';

describe("Kyverno's ClusterPolicy", () => {
  it('gives a result under the name of each rule, with the place of what is broken', () => {
    const rules = [
      rule(TEAM),
      { ...rule({ pattern: { spec: { containers: [{ image: '!*:latest' }] } } }), name: 'tag' },
    ];
    const results = judge([policy(rules, { validationFailureAction: 'Enforce' })], pod());
    expect(inShort(results)).toEqual(['r fail block', 'tag pass block']);
    const [result] = judge(
      [policy(rules)],
      pod(
        {
          containers: [
            { name: 'c', image: 'a' },
            { name: 'd', image: 'b:latest' },
          ],
        },
        { labels: { team: 'a' } },
      ),
    ).filter(({ verdict }) => verdict === 'fail');
    expect(result).toMatchObject({
      element: 'tag',
      enforcement: 'audit',
      message: 'spec.containers.1.image is not "!*:latest"',
    });
  });

  it.each<[string, JsonObject, string]>([
    ['Enforce', { validationFailureAction: 'Enforce' }, 'block'],
    ['enforce', { validationFailureAction: 'enforce' }, 'block'],
    ['audit', { validationFailureAction: 'audit' }, 'audit'],
    ['nothing', {}, 'audit'],
    [
      'an override for its namespace',
      {
        validationFailureAction: 'Audit',
        validationFailureActionOverrides: [{ action: 'Enforce', namespaces: ['sh*'] }],
      },
      'block',
    ],
    [
      'an override for others',
      {
        validationFailureAction: 'Enforce',
        validationFailureActionOverrides: [{ action: 'Audit', namespaces: ['other'] }],
      },
      'block',
    ],
    [
      'an override by labels',
      {
        validationFailureAction: 'Enforce',
        validationFailureActionOverrides: [{ action: 'Audit', namespaceSelector: { matchLabels: { env: 'dev' } } }],
      },
      'audit',
    ],
  ])('enforces by %s', (_, spec, enforcement) => {
    const facts = { namespaceObject: { metadata: { name: 'shop', labels: { env: 'dev' } } } };
    expect(judge([policy([rule(TEAM)], spec)], pod({}, { namespace: 'shop' }), facts)).toMatchObject([{ enforcement }]);
  });

  it('enforces by the rule where the rule says so', () => {
    const rules = [rule({ ...TEAM, failureAction: 'Enforce' }), { ...rule(TEAM), name: 'soft' }];
    expect(inShort(judge([policy(rules, { validationFailureAction: 'Audit' })], pod()))).toEqual([
      'r fail block',
      'soft fail audit',
    ]);
  });

  it('stops after the first rule that applies where it asks for one', () => {
    const other = { ...rule(TEAM), name: 'other', match: { any: [{ resources: { kinds: ['Service'] } }] } };
    const skipped = { ...rule({ pattern: { spec: { '(hostNetwork)': true } } }), name: 'skipped' };
    const rules = [other, skipped, rule({ pattern: { metadata: { name: 'a' } } }), { ...rule(TEAM), name: 'last' }];
    expect(inShort(judge([policy(rules, { applyRules: 'One' })], pod()))).toEqual(['r pass audit']);
    expect(inShort(judge([policy(rules, { applyRules: 'All' })], pod()))).toEqual(['r pass audit', 'last fail audit']);
  });

  it('is carried over from pods to workloads', () => {
    const rules = [rule(TEAM)];
    expect(inShort(judge([policy(rules)], deployment()))).toEqual(['r fail audit']);
    expect(inShort(judge([policy(rules)], deployment({ metadata: { labels: { team: 'a' } } })))).toEqual([
      'r pass audit',
    ]);
    expect(inShort(judge([policy(rules)], cronJob()))).toEqual(['r fail audit']);
    expect(
      judge(
        [
          policy(rules, {}, 'ClusterPolicy', {
            annotations: { 'pod-policies.kyverno.io/autogen-controllers': 'none' },
          }),
        ],
        deployment(),
      ),
    ).toEqual([]);
    expect(
      judge(
        [
          policy(rules, {}, 'ClusterPolicy', {
            annotations: { 'pod-policies.kyverno.io/autogen-controllers': 'StatefulSet,CronJob' },
          }),
        ],
        deployment(),
      ),
    ).toEqual([]);
    const picky = [{ ...rule(TEAM), match: { any: [{ resources: { kinds: ['Pod'], names: ['a'] } }] } }];
    expect(judge([policy(picky)], deployment())).toEqual([]);
  });

  it('is carried over in every language, and says the name of the workload', () => {
    const cel = rule({ cel: { expressions: [{ expression: 'object.spec.hostNetwork', message: 'x' }] } });
    const deny = rule({
      message: '{{ request.object.metadata.name }} is wrong',
      deny: {
        conditions: {
          any: [{ key: '{{ request.object.spec.containers[0].image }}', operator: 'Equals', value: 'nginx:1' }],
        },
      },
    });
    const any = rule({ anyPattern: [{ spec: { a: 1 } }, { spec: { containers: [{ image: 'nginx:*' }] } }] });
    expect(judge([policy([cel])], deployment())).toMatchObject([{ verdict: 'fail' }]);
    expect(judge([policy([deny])], deployment())).toMatchObject([{ verdict: 'fail', message: 'd is wrong' }]);
    expect(judge([policy([any])], deployment())).toMatchObject([{ verdict: 'pass' }]);
  });

  it('holds in its namespace alone where it is a Policy', () => {
    const inside = policy([rule(TEAM)], {}, 'Policy', { namespace: 'shop' });
    expect(judge([inside], pod({}, { namespace: 'shop' }))).toMatchObject([{ policy: 'shop/p' }]);
    expect(judge([inside], pod())).toEqual([]);
  });

  it('skips by a condition of a pattern, and passes by one of several', () => {
    expect(
      judge([policy([rule({ pattern: { spec: { '(hostNetwork)': true, containers: [{ image: 'x' }] } } })])], pod()),
    ).toEqual([]);
    const anyPattern: JsonObject[] = [{ spec: { hostNetwork: true } }, { metadata: { name: 'a' } }];
    expect(judge([policy([rule({ anyPattern })])], pod())).toMatchObject([{ verdict: 'pass' }]);
    expect(judge([policy([rule({ anyPattern: anyPattern.slice(0, 1) })])], pod())).toMatchObject([{ verdict: 'fail' }]);
  });

  it('names what it does not judge', () => {
    const rules: JsonObject[] = [
      { name: 'change', match: PODS, mutate: {} },
      { name: 'make', match: PODS, generate: {} },
      { name: 'sign', match: PODS, verifyImages: [] },
      { name: 'tree', match: PODS, validate: { assert: {} } },
      { name: 'empty', match: PODS },
      { ...rule({ ...TEAM, deny: {} }), name: 'two' },
      { ...rule({ ...TEAM, cel: { expressions: [] } }), name: 'mixed' },
    ];
    expect(compile([policy(rules)]).unknowns.map(({ code, place }) => [code, place.pointer?.at(-1)])).toEqual(
      rules.map((_, index) => ['policy-rule-not-judged', index]),
    );
    expect(inShort(judge([policy(rules)], pod()))).toEqual([
      'sign unknown audit',
      'tree unknown audit',
      'two unknown audit',
      'mixed unknown audit',
    ]);
    const loop = { list: 'request.object.spec.containers', pattern: {}, deny: {} };
    expect(inShort(judge([policy([rule({ foreach: [loop] })])], pod()))).toEqual(['r unknown audit']);
  });

  it.each<[string, JsonObject, string | undefined]>([
    ['names the rule', {}, 'ci'],
    ['names rules by a wildcard', { exceptions: [{ policyName: 'p', ruleNames: ['*'] }] }, 'ci'],
    ['names another rule', { exceptions: [{ policyName: 'p', ruleNames: ['x'] }] }, undefined],
    ['names another policy', { exceptions: [{ policyName: 'x', ruleNames: ['r'] }] }, undefined],
    ['is about another object', { match: { any: [{ resources: { kinds: ['Pod'], names: ['b'] } }] } }, undefined],
    [
      'asks for more',
      { conditions: { all: [{ key: '{{ request.object.metadata.name }}', operator: 'Equals', value: 'b' }] } },
      undefined,
    ],
  ])('shows an exception that %s', (_, spec, exception) => {
    const excepted: Document = {
      apiVersion: 'kyverno.io/v2',
      kind: 'PolicyException',
      metadata: { name: 'ci' },
      spec: { exceptions: [{ policyName: 'p', ruleNames: ['r'] }], match: PODS, ...spec },
    };
    const [result] = judge([policy([rule(TEAM)]), excepted], pod());
    expect([result?.verdict, result?.exception]).toEqual(['fail', exception]);
  });
});
