import type { JsonObject } from '@breakwater/model';
import type { ForeignDocument } from '@breakwater/model/foreign';
import { describe, expect, it } from 'vitest';
import { objectOf } from '../network/estate.fixture.ts';
import { compileForeignPolicies } from '../policy/foreign/index.ts';
import { podPoliciesOf } from './index.ts';

const NOW = '2026-11-22T12:00:00Z';
const place = { source: 'policies.yaml' };

/** Every container of a pod, the ephemeral too. */
const all =
  'object.spec.containers + object.spec.?initContainers.orValue([]) + object.spec.?ephemeralContainers.orValue([])';

/** What the level `baseline` asks of pods, as far as escapes go, in CEL. */
const noEscapes = [
  `(${all}).all(c, !c.?securityContext.?privileged.orValue(false))`,
  `(${all}).all(c, c.?securityContext.?capabilities.?add.orValue([]).size() == 0)`,
  'object.spec.?volumes.orValue([]).all(v, !has(v.hostPath))',
  '!object.spec.?hostPID.orValue(false)',
];
const noRoot = `object.spec.?securityContext.?runAsUser.orValue(0) != 0`;

interface Shape {
  validations?: string[];
  conditions?: string[];
  actions?: string[];
  resources?: string[];
  namespaceSelector?: JsonObject;
}

/** A policy with its binding. */
function policy(
  name: string,
  { validations = [], conditions = [], actions = ['Deny'], resources, namespaceSelector }: Shape,
): ForeignDocument[] {
  const rule = {
    apiGroups: [''],
    apiVersions: ['v1'],
    operations: ['CREATE', 'UPDATE'],
    resources: resources ?? ['pods', 'pods/ephemeralcontainers'],
  };
  const document = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      matchConstraints: { resourceRules: [rule] },
      matchConditions: conditions.map((expression, index) => ({ name: `c${index}`, expression })),
      validations: validations.map((expression) => ({ expression })),
    },
  };
  const binding = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: {
      policyName: name,
      validationActions: actions,
      ...(namespaceSelector ? { matchResources: { namespaceSelector } } : {}),
    },
  };
  return [
    { language: 'admission-policy', kind: document.kind, document, place },
    { language: 'admission-binding', kind: binding.kind, document: binding, place },
  ] as ForeignDocument[];
}

const shop = objectOf(
  'Namespace',
  'shop',
  { apiVersion: 'v1', metadata: { name: 'shop', labels: { guarded: 'yes' } } },
  '',
);

function refusals(documents: ForeignDocument[], objects = [shop]) {
  const { policies, unknowns } = compileForeignPolicies(documents);
  expect(unknowns.filter(({ code }) => code === 'policy-invalid')).toEqual([]);
  return podPoliciesOf(objects, (cluster) => (cluster === 'default' ? policies : []), NOW);
}

const inShop = (shape: Shape) => refusals(policy('tried', shape)).refuses('default', 'shop', 'create');

describe('pods that could escape', () => {
  it('are refused by a policy that is bound, whatever it is called', () => {
    expect(inShop({ validations: noEscapes })).toBe('escapes');
    expect(inShop({ validations: [...noEscapes, noRoot] })).toBe('all');
    expect(refusals(policy('tried', { validations: noEscapes })).refuses('default', 'shop', 'ephemeral')).toBe(
      'escapes',
    );
  });

  it.each<[string, Shape]>([
    ['one way is left', { validations: noEscapes.slice(1) }],
    ['it only warns', { validations: noEscapes, actions: ['Warn', 'Audit'] }],
    ['it refuses harmless pods for the same reason', { validations: ['has(object.metadata.labels.team)'] }],
    ['it may depend on who asks', { validations: noEscapes, conditions: ["request.userInfo.username != 'ci'"] }],
    ['it is about other kinds', { validations: ['!has(object.spec)'], resources: ['services'] }],
    ['it is bound elsewhere', { validations: noEscapes, namespaceSelector: { matchLabels: { guarded: 'no' } } }],
    ['it cannot be evaluated', { validations: ['object.nothing.such == 1'] }],
  ])('are not where %s', (_, shape) => {
    expect(inShop(shape)).toBe('nothing');
  });

  it('are refused together by several policies', () => {
    const documents = noEscapes.flatMap((validation, index) => policy(`part-${index}`, { validations: [validation] }));
    expect(refusals(documents).refuses('default', 'shop', 'create')).toBe('escapes');
  });

  it('as ephemeral containers are another request', () => {
    const only = refusals(policy('tried', { validations: noEscapes, resources: ['pods'] }));
    expect(['create', 'ephemeral'].map((making) => only.refuses('default', 'shop', making as 'create'))).toEqual([
      'escapes',
      'nothing',
    ]);
  });
});

describe('whoever may choose the namespace', () => {
  it('chooses one that is not guarded', () => {
    const selected = policy('tried', {
      validations: noEscapes,
      namespaceSelector: { matchLabels: { guarded: 'yes' } },
    });
    expect(refusals(selected).refuses('default', '', 'create')).toBe('nothing');
    expect(refusals(policy('tried', { validations: noEscapes })).refuses('default', '', 'create')).toBe('escapes');
    expect(refusals(policy('tried', { validations: noEscapes })).refuses('other', '', 'create')).toBe('nothing');
  });
});
