import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { ask, at, deployment, read } from './estate.fixture.ts';
import { type Estate, type EstateOptions, estateOfLists, estatesOf } from './index.ts';

describe('grants', () => {
  const binding = (roleRef: JsonObject, ...subjects: JsonObject[]): JsonObject => ({
    kind: 'RoleBinding',
    ...at('shop', 'b'),
    roleRef,
    subjects,
  });

  it('join subjects with the rules of their roles, aggregated ones too', () => {
    const estate = estateOfLists({
      ClusterRole: [
        {
          metadata: { name: 'a', labels: { to: 'b' } },
          aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: 'a' } }] },
        },
        {
          metadata: { name: 'b', labels: { to: 'a' } },
          aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: 'b' } }] },
          rules: [{ verbs: ['get'] }],
        },
      ],
    });
    const object = binding(
      { kind: 'ClusterRole', name: 'a' },
      { kind: 'Group', name: 'dev' },
      { kind: 'ServiceAccount', name: 'web' },
    );
    expect(ask(estate, object, 'grants.map(g, g.name)')).toEqual(['Group dev', 'ServiceAccount shop/web']);
    expect(ask(estate, object, "grants.all(g, g.rules.exists(r, 'get' in r.verbs) && !g.clusterWide)")).toBe(true);
  });

  it('of a workload are those of its account, by name and by the groups of all accounts', () => {
    const given = (name: string, subject: JsonObject): JsonObject =>
      at('shop', name, { roleRef: { kind: 'ClusterRole', name: 'view' }, subjects: [subject] });
    const estate = estateOfLists({
      RoleBinding: [
        given('own', { kind: 'ServiceAccount', name: 'web' }),
        given('group', { kind: 'Group', name: 'system:serviceaccounts:shop' }),
        given('other', { kind: 'ServiceAccount', name: 'db' }),
      ],
    });
    expect(ask(estate, deployment({ serviceAccountName: 'web' }), 'grants.map(g, g.binding.name)')).toEqual([
      'own',
      'group',
    ]);
    expect(ask(estate, deployment(), 'grants.map(g, g.binding.name)')).toEqual(['group']);
    expect(ask(estate, { kind: 'Service', ...at('shop', 's') }, 'grants.size()')).toBe(0);
  });

  it('of a role that nothing defines are unknown in files, and nothing where everything is in view', () => {
    const object = binding({ kind: 'Role', name: 'gone' }, { kind: 'User', name: 'jane' });
    const estate = estatesOf([read('Service', at('shop', 'web'))]).get('default');
    expect(ask(estate, object, 'grants[0].rules.size()')).toMatchObject({ $missing: ['rules of Role shop/gone'] });
    expect(ask(estateOfLists({}), object, 'grants[0].rules.size()')).toBe(0);
  });

  it('of an account are unknown where bindings may be elsewhere: in a chart, or with no file that has any', () => {
    const service = read('Service', at('shop', 'web'));
    const bound = read('RoleBinding', binding({ kind: 'ClusterRole', name: 'view' }, { kind: 'User', name: 'jane' }));
    const account: JsonObject = { kind: 'ServiceAccount', ...at('shop', 'web') };
    const count = (objects: ManifestObject[], options: EstateOptions, object: JsonObject): unknown =>
      ask(estatesOf(objects, options).get('default'), object, 'grants.size()');
    for (const object of [deployment(), account]) {
      expect(count([service], {}, object)).toMatchObject({ $missing: ['grants'] });
      expect(count([bound], { partial: true }, object)).toMatchObject({ $missing: ['grants'] });
      expect(count([bound], {}, object)).toBe(0);
      expect(count([service], { complete: true }, object)).toBe(0);
    }
    expect(count([service], {}, { kind: 'Service', ...at('shop', 'web') })).toBe(0);
    expect(count([service], { partial: true }, bound.object)).toBe(1);
  });

  it('tell whose token pods hold', () => {
    const account = (automountServiceAccountToken?: boolean): Estate =>
      estateOfLists({
        ServiceAccount: [
          at('shop', 'web', automountServiceAccountToken === undefined ? {} : { automountServiceAccountToken }),
        ],
      });
    const token = (estate: Estate, spec: JsonObject): unknown =>
      ask(estate, deployment({ serviceAccountName: 'web', ...spec }), 'estate.token');
    const projected = { volumes: [{ projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }] };
    expect(token(account(), {})).toBe(true);
    expect(token(account(false), {})).toBe(false);
    expect(token(account(false), { automountServiceAccountToken: true })).toBe(true);
    expect(token(account(true), { automountServiceAccountToken: false })).toBe(false);
    expect(token(account(false), projected)).toBe(true);
    expect(
      token(account(false), {
        volumes: [{ projected: { sources: [{ serviceAccountToken: { audience: 'vault' } }] } }],
      }),
    ).toBe(false);
  });
});
