import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { auditKey, changedByHand, deployedBy } from './deployed-by.ts';

function deployment(metadata: JsonObject): ManifestObject {
  const identity = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart', cluster: 'c' };
  return {
    ...identity,
    live: true,
    place: { source: 'cluster:c' },
    object: { metadata: { name: 'cart', ...metadata } },
  };
}

const manager = (name: string, time: string, subresource?: string) => ({
  manager: name,
  operation: 'Update',
  time,
  ...(subresource ? { subresource } : {}),
});

describe('who deployed an object', () => {
  it.each<[tool: string, unit: string | undefined, metadata: JsonObject]>([
    ['Helm', 'cart', { annotations: { 'meta.helm.sh/release-name': 'cart' } }],
    ['Argo CD', 'shop', { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/cart' } }],
    [
      'Flux',
      'kustomization flux-system/apps',
      {
        labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' },
      },
    ],
    ['kubectl apply', undefined, { managedFields: [manager('kubectl-client-side-apply', '2026-01-01T00:00:00Z')] }],
    ['Terraform', undefined, { managedFields: [manager('Terraform', '2026-01-01T00:00:00Z')] }],
    ['our-pipeline', undefined, { managedFields: [manager('our-pipeline', '2026-01-01T00:00:00Z')] }],
  ])('is told for %s', (tool, unit, metadata) => {
    const by = deployedBy(deployment(metadata));
    expect([by?.tool, by?.unit]).toEqual([tool, unit]);
  });

  it('is none of Kubernetes own programs, and nobody where nothing tells', () => {
    const managedFields = [
      manager('kube-controller-manager', '2026-01-02T00:00:00Z'),
      manager('helm', '2026-01-01T00:00:00Z'),
    ];
    expect(deployedBy(deployment({ managedFields }))).toMatchObject({ tool: 'Helm', at: '2026-01-01T00:00:00Z' });
    expect(deployedBy(deployment({}))).toBeUndefined();
  });

  it('is a person where an audit log is at hand', () => {
    const entry = deployment({ annotations: { 'meta.helm.sh/release-name': 'cart' } });
    const audit = new Map([[auditKey(entry), { user: 'ada', at: '2026-01-01T00:00:00Z' }]]);
    expect(auditKey(entry)).toBe('deployments shop/cart');
    expect(deployedBy(entry, audit)).toMatchObject({ tool: 'Helm', user: 'ada' });
  });
});

describe('changes by hand', () => {
  it('are told with their time, and not what deployed the object or wrote its status', () => {
    const managedFields = [
      manager('kubectl-client-side-apply', '2026-01-01T00:00:00Z'),
      manager('kubectl-edit', '2026-01-03T00:00:00Z'),
      manager('kubectl-patch', '2026-01-04T00:00:00Z', 'status'),
    ];
    expect(changedByHand(deployment({ managedFields }))).toEqual([
      { manager: 'kubectl-edit', at: '2026-01-03T00:00:00Z' },
    ]);
  });

  it('are not the making of what was made by hand', () => {
    expect(changedByHand(deployment({ managedFields: [manager('kubectl-run', '2026-01-01T00:00:00Z')] }))).toEqual([]);
  });
});

describe('names of resources', () => {
  it.each([
    ['NetworkPolicy', 'networkpolicies'],
    ['Ingress', 'ingresses'],
    ['Pod', 'pods'],
    ['Gateway', 'gateways'],
  ])('of %s are %s', (kind, plural) => {
    expect(auditKey({ kind, namespace: 'a', name: 'b' })).toBe(`${plural} a/b`);
  });
});
