import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { at, deployment, namespace, tenancyOf } from './estate.fixture.ts';
import { isPlatform } from './index.ts';

describe('tenants', () => {
  it.each<[string, JsonObject, string, string]>([
    ['of Capsule', { 'capsule.clastix.io/tenant': 'oil' }, 'oil', 'capsule'],
    ['of Rancher', { 'field.cattle.io/projectId': 'p-1' }, 'p-1', 'rancher'],
    ['by a label of people', { tenant: 'acme' }, 'acme', 'label'],
    [
      'of a tree of namespaces, by the root',
      { 'web.tree.hnc.x-k8s.io/depth': '0', 'team.tree.hnc.x-k8s.io/depth': '1', 'org.tree.hnc.x-k8s.io/depth': '2' },
      'org',
      'hierarchy',
    ],
    ['of nobody else', {}, 'web', 'namespace'],
    ['with an empty label', { 'capsule.clastix.io/tenant': '' }, 'web', 'namespace'],
    ['with a depth that is no number', { 'org.tree.hnc.x-k8s.io/depth': '9'.repeat(9) }, 'web', 'namespace'],
  ])('put namespaces together: %s', (_, labels, name, by) => {
    expect(tenancyOf([namespace('web', labels)]).tenants.ofNamespace('web')).toEqual({ name, by });
  });

  it('go by the label that the owner names before all others', () => {
    const objects = [namespace('web', { team: 'a', tenant: 'b' }), namespace('db', { tenant: 'b' })];
    const { tenants } = tenancyOf(objects, 'team');
    expect(tenants.ofNamespace('web')).toEqual({ name: 'a', by: 'label' });
    expect(tenants.ofNamespace('db')).toEqual({ name: 'b', by: 'label' });
  });

  it('know virtual clusters in one namespace apart', () => {
    const virtual = (name: string) =>
      deployment('host', name, { labels: { 'vcluster.loft.sh/managed-by': `vc-${name}` } });
    const { tenants } = tenancyOf([virtual('a'), virtual('b')]);
    expect(tenants.ofWorkload.map((number) => tenants.list[number])).toEqual([
      { name: 'host/vc-a', by: 'vcluster' },
      { name: 'host/vc-b', by: 'vcluster' },
    ]);
  });

  it.each([
    ['kube-system', true],
    ['istio-system', true],
    ['openshift-dns', true],
    ['ingress-nginx', true],
    ['shop', false],
    ['system', false],
  ])('count %s as the cluster’s own: %s', (name, own) => {
    expect(isPlatform(tenancyOf([namespace(name)]).tenants.ofNamespace(name))).toBe(own);
  });

  it('keep two marks of one name apart, and take names as they are', () => {
    const objects = [
      namespace('a', { tenant: 'x' }),
      namespace('x'),
      namespace('__proto__'),
      deployment('constructor', 'w'),
    ];
    const tenancy = tenancyOf(objects);
    expect(tenancy.tenants.list).toHaveLength(4);
    expect(tenancy.tenants.list[tenancy.tenants.ofWorkload[at(tenancy, 'constructor/w')]!]?.name).toBe('constructor');
  });
});
