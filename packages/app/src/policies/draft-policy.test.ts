import { loadPolicies } from '@breakwater/engine/policy';
import { testPolicy, untestedRules } from '@breakwater/engine/policy/cases';
import type { JsonObject, Policy } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { type DraftOptions, draftPolicy } from './draft-policy.ts';

/** What its own cases say of a policy. */
function tested(policy: Policy): { cases: (string | boolean)[][]; untested: string[][] } {
  const { policies, unknowns } = loadPolicies([{ policy, place: { source: 'p.yaml' } }]);
  expect(unknowns).toEqual([]);
  return {
    cases: policies.flatMap(testPolicy).map(({ expected, passed }) => [expected, passed]),
    untested: policies.flatMap(untestedRules).map(({ lacks }) => lacks),
  };
}

const WHOLE = {
  cases: [
    ['fail', true],
    ['pass', true],
  ],
  untested: [],
};

const deployment: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { 'app.example/tier': 'front' }, annotations: { secret: 'x' } },
  spec: {
    replicas: 1,
    template: {
      spec: {
        hostNetwork: true,
        automountServiceAccountToken: false,
        containers: [
          { name: 'web', image: 'web:latest', env: [{ name: 'PASSWORD', value: 'secret' }] },
          { name: 'proxy', image: "it's", securityContext: { privileged: true, capabilities: { add: ['NET_ADMIN'] } } },
        ],
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'host', hostPath: { path: '/' } },
        ],
      },
    },
  },
};
const pod = ['spec', 'template', 'spec'];

describe('draftPolicy', () => {
  it('without a rule writes one that stands, with both sides in its cases', () => {
    for (const kinds of [undefined, ['Pod'], ['Ingress', 'Service'], ['Made-Up']]) {
      const policy = draftPolicy({ name: 'owned', kinds });
      expect(tested(policy)).toEqual(WHOLE);
      expect(policy.spec).toMatchObject({ title: 'Owned', match: { kinds: kinds ?? ['Deployment'] } });
    }
  });

  it.each<[string, (string | number)[]]>([
    ['a truth', [...pod, 'hostNetwork']],
    ['an untruth', [...pod, 'automountServiceAccountToken']],
    ['a number', ['spec', 'replicas']],
    ['a label with a slash', ['metadata', 'labels', 'app.example/tier']],
    ['a map', ['metadata', 'annotations']],
    ['a field of a container', [...pod, 'containers', 1, 'securityContext', 'privileged']],
    ['a text with a quote', [...pod, 'containers', 1, 'image']],
    ['a list below a container', [...pod, 'containers', 1, 'securityContext', 'capabilities', 'add', 0]],
    ['a list in a container', [...pod, 'containers', 0, 'env', 0, 'value']],
    ['an element of another list', [...pod, 'volumes', 1, 'hostPath', 'path']],
  ])('forbids %s that an object has', (_, pointer) => {
    expect(tested(draftPolicy({ name: 'p', object: deployment, pointer }))).toEqual(WHOLE);
  });

  it('judges every workload by a field of a container, and shows no more than that of the object', () => {
    const { spec } = draftPolicy({
      name: 'p',
      object: deployment,
      pointer: [...pod, 'containers', 1, 'securityContext', 'privileged'],
    });
    expect(spec.match).toEqual({});
    expect(spec.forbid).toEqual([
      {
        each: 'containers',
        expr: 'c.spec.?securityContext.?privileged.orValue(false)',
        field: 'c.securityContext.privileged',
        message: "'container ' + c.name + ': ' + 'securityContext.privileged is true'",
      },
    ]);
    expect(spec.cases[0]?.given).toEqual({
      object: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web' },
        spec: { template: { spec: { containers: [{ name: 'proxy', securityContext: { privileged: true } }] } } },
      },
    });
  });

  it('with an expression says of the object what it says', () => {
    const policy = draftPolicy({ name: 'p', object: deployment, forbid: 'object.spec.replicas < 2' });
    expect(tested(policy)).toEqual({ cases: [['fail', true]], untested: [['pass']] });
    expect(tested(draftPolicy({ name: 'p', kinds: ['Pod'], require: 'size(containers) > 0' }))).toEqual({
      cases: [['pass', true]],
      untested: [['fail']],
    });
  });

  it.each<[string, DraftOptions, string]>([
    ['a name that is none', { name: 'No Latest' }, 'policy-invalid'],
    ['a severity that there is not', { name: 'p', severity: 'awful' }, 'policy-invalid'],
    ['an expression with a fault', { name: 'p', forbid: 'objekt' }, 'policy-invalid'],
    ['an object without a rule', { name: 'p', object: deployment }, 'rule-missing'],
    ['a rule that lets the object pass', { name: 'p', object: deployment, forbid: 'false' }, 'rule-too-weak'],
    ['a field that is not there', { name: 'p', object: deployment, pointer: ['spec', 'none'] }, 'field-missing'],
    ['a field of nothing', { name: 'p', object: deployment, pointer: ['spec', '__proto__'] }, 'field-missing'],
  ])('refuses %s', (_, options, code) => {
    expect(() => draftPolicy(options)).toThrow(expect.objectContaining({ code }));
  });
});
