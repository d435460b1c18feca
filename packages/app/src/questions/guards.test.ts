import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { guardsOf, nameOfGuard } from './guards.ts';
import { ourGuards, refuserOf } from './our-guards.ts';

const object = (apiVersion: string, kind: string, rest: JsonObject = {}, namespace = ''): ManifestObject => ({
  apiVersion,
  kind,
  namespace,
  name: 'one',
  cluster: 'default',
  object: { apiVersion, kind, metadata: { name: 'one' }, ...rest },
  place: { source: 'one.yaml' },
});
const binding = object('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', {
  spec: { policyName: 'one', validationActions: ['Deny'] },
});
const admissionPolicy = object('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy');
const constraint = (action?: string) =>
  object('constraints.gatekeeper.sh/v1beta1', 'K8sRequiredLabels', {
    spec: action === undefined ? {} : { enforcementAction: action },
  });
const namespace = (level: string) =>
  object('v1', 'Namespace', { metadata: { name: 'one', labels: { 'pod-security.kubernetes.io/enforce': level } } });
const webhook = (resource: string) =>
  object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', {
    webhooks: [{ name: 'w', rules: [{ resources: [resource] }] }],
  });

describe('policies of others among objects', () => {
  it.each([
    ['an admission policy that a binding denies by', [admissionPolicy, binding], 'the API server', true],
    ['an admission policy that nobody bound', [admissionPolicy], 'the API server', false],
    [
      'Kyverno that enforces',
      [object('kyverno.io/v1', 'ClusterPolicy', { spec: { validationFailureAction: 'enforce' } })],
      'Kyverno',
      true,
    ],
    ['Kyverno that audits', [object('kyverno.io/v1', 'ClusterPolicy', { spec: { rules: [] } })], 'Kyverno', false],
    ['Gatekeeper, which denies where nothing is said', [constraint()], 'Gatekeeper', true],
    ['Gatekeeper in a dry run', [constraint('dryrun')], 'Gatekeeper', false],
    ['a level of Pod Security', [namespace('restricted')], 'Pod Security admission', true],
    ['a level that allows everything', [namespace('privileged')], 'Pod Security admission', false],
    ['a network policy', [object('networking.k8s.io/v1', 'NetworkPolicy', {}, 'shop')], 'the network plug-in', true],
    ['a webhook asked about pods', [webhook('pods')], 'a webhook', true],
  ] as const)('%s', (_, objects, by, refuses) => {
    expect(guardsOf(objects)).toMatchObject([{ by, refuses }]);
  });

  it.each([
    ['a binding', binding],
    ['a webhook for the objects of an operator', webhook('prometheusrules')],
    ['a namespace without a level', object('v1', 'Namespace')],
    ['a Policy of somebody else', object('example.com/v1', 'Policy')],
  ])('%s is none', (_, given) => expect(guardsOf([given])).toEqual([]));

  it('refuse by what was compiled and bound, and by our webhook, which judges by everything', () => {
    const managed = { metadata: { name: 'breakwater-a', labels: { 'app.kubernetes.io/managed-by': 'breakwater' } } };
    const group = 'admissionregistration.k8s.io/v1';
    const compiled = { ...object(group, 'ValidatingAdmissionPolicy', managed), name: 'breakwater-a' };
    const bound = object(group, 'ValidatingAdmissionPolicyBinding', {
      spec: { policyName: 'breakwater-a', validationActions: ['Deny'] },
    });
    const ours = ourGuards(guardsOf([compiled, bound]));
    expect([refuserOf('a', ours), refuserOf('b', ours)]).toEqual(['the API server', undefined]);
    expect(refuserOf('a', ourGuards(guardsOf([compiled])))).toBeUndefined();
    expect(refuserOf('b', { webhook: true, compiled: new Set() })).toBe('Breakwater’s webhook');
  });

  it('is named as people name objects', () => {
    const [guard] = guardsOf([object('networking.k8s.io/v1', 'NetworkPolicy', {}, 'shop')]);
    expect(guard && nameOfGuard(guard)).toBe('NetworkPolicy shop/one');
  });
});
