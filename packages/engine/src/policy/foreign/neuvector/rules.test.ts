import type { JsonObject } from '@breakwater/model';
import { neuvectorResourceSchema } from '@breakwater/model/foreign';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkNeuvectorRules } from './index.ts';
import { type Criterion, deny, deployment, exported, judge, verdict } from './neuvector.fixture.ts';

describe('rules of NeuVector', () => {
  const both: Criterion[] = [
    ['shareIpcWithHost', '=', 'true'],
    ['sharePidWithHost', '=', 'true'],
  ];

  it('ask for all criteria of different names and any of one, as their own converter does not', () => {
    expect(verdict(exported(deny(...both)), deployment({}, { hostIPC: true }))).toBe('pass');
    expect(verdict(exported(deny(...both)), deployment({}, { hostIPC: true, hostPID: true }))).toBe('fail');
    expect(verdict(exported(deny(...both)), deployment({}, { hostIPC: true }), {}, 'kubewarden')).toBe('fail');
    const names: Criterion[] = [
      ['namespace', 'containsAny', 'a'],
      ['namespace', 'containsAny', 'shop'],
    ];
    expect(verdict(exported(deny(...names)), deployment())).toBe('fail');
    const neither: Criterion[] = [
      ['namespace', 'notContainsAny', 'a'],
      ['namespace', 'notContainsAny', 'shop'],
    ];
    expect(verdict(exported(deny(...neither)), deployment())).toBe('pass');
  });

  it('let in what a rule before them allows', () => {
    const allow = (more: JsonObject): JsonObject => ({
      ...deny(['namespace', 'containsAny', 'shop']),
      id: 1,
      rule_type: 'exception',
      ...more,
    });
    const refuse = deny(['shareIpcWithHost', '=', 'true']);
    const object = deployment({}, { hostIPC: true });
    expect(verdict(exported(refuse, allow({})), object)).toBe('pass');
    expect(verdict(exported(refuse, allow({ disable: true })), object)).toBe('fail');
    expect(verdict(exported({ ...refuse, cfg_type: 'ground' }, allow({})), object)).toBe('fail');
    expect(verdict(exported({ ...refuse, cfg_type: 'ground' }, allow({ critical: true })), object)).toBe('pass');
  });

  it('look at the containers that they name, and enforce as they say', () => {
    const object = deployment({}, { initContainers: [{ name: 'init', image: 'redis' }] });
    const rule = deny(['image', 'containsAny', 'redis']);
    expect(verdict(exported(rule), object)).toBe('pass');
    const enforcement = (mode: string): string | undefined =>
      judge(exported({ ...deny(['image', 'containsAny', 'nginx']), rule_mode: mode }), object)[0]?.enforcement;
    expect(['protect', 'monitor', ''].map(enforcement)).toEqual(['block', 'audit', 'warn']);
  });

  it('are read from custom resources too', () => {
    const rules = neuvectorResourceSchema().parse({
      spec: {
        config: { mode: 'protect' },
        rules: [
          { action: 'deny', criteria: [{ name: 'namespace', op: 'containsAny', value: 'shop' }], disabled: true },
          { action: 'deny', criteria: [{ name: 'runAsPrivileged', op: '=', value: true }], containers: ['containers'] },
        ],
      },
    });
    expect(judge(rules, deployment({ securityContext: { privileged: true } }))).toMatchObject([
      { policy: 'neuvector-rule-1001', verdict: 'fail', enforcement: 'block', element: 'web' },
    ]);
  });

  it('name criteria that are not known', () => {
    const told: string[] = [];
    checkNeuvectorRules(exported(deny(['somethingNew', '=', 'true'], ['image', '=', 'x'])), (pointer) =>
      told.push(pointer.join('.')),
    );
    expect(told).toEqual(['rules.0.criteria.0.name']);
  });

  it.each<[Criterion]>([
    [['namespace', 'somehow', 'shop']],
    [['labels', 'somehow', 'app']],
    [['image', 'somehow', 'nginx']],
    [['cveScoreCount', 'somehow', '7', [['count', '>=', '1']]]],
    [['resourceLimit', '', '', [['cpuLimit', 'somehow', '1']]]],
  ])('name operators that are not known, and leave open what they ask: %j', (criterion) => {
    const rules = exported(deny(criterion));
    const told: string[] = [];
    checkNeuvectorRules(rules, (pointer) => told.push(pointer.join('.')));
    expect(told).toEqual(['rules.0.criteria.0.op']);
    expect(verdict(rules, deployment({ resources: { limits: { cpu: '2' } } }), { vulnerabilities: [] })).toBe(
      'unknown',
    );
  });

  it('never throw, whatever stands in a rule or an object', () => {
    const criterion = fc.record({
      name: fc.constantFrom(
        'image',
        'labels',
        'envVars',
        'resourceLimit',
        'cveHighCount',
        'storageClassName',
        'customPath',
        'runAsRoot',
      ),
      op: fc.constantFrom('=', 'containsAny', 'containsOtherThan', 'regex', '!regex', '>=', 'exist', ''),
      value: fc.string(),
      path: fc.string(),
    });
    fc.assert(
      fc.property(
        fc.array(criterion),
        fc.jsonValue(),
        fc.constantFrom('Pod', 'Deployment', 'StatefulSet'),
        (criteria, spec, kind) => {
          const object = {
            kind,
            metadata: spec,
            spec: kind === 'Pod' ? spec : { template: { spec, metadata: spec } },
          } as JsonObject;
          expect(() =>
            judge(exported({ id: 1, rule_type: 'deny', criteria }), object, { vulnerabilities: [] }),
          ).not.toThrow();
        },
      ),
    );
  });

  it('answer at once to a regular expression that means harm', () => {
    const object = deployment({}, {}, {});
    const start = performance.now();
    const asked = { facts: { request: { userInfo: { username: `${'a'.repeat(5000)}!`, groups: [] } } } };
    expect(verdict(exported(deny(['user', 'regex', '(a+)+$'])), object, asked)).toBe('pass');
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
