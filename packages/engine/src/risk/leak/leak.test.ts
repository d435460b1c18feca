import type { JsonObject, ManifestObject } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyProposals } from '../changes/index.ts';
import { deployment, estate, manifest } from '../estate.fixture.ts';
import type { EstateFacts } from '../graph/index.ts';
import { simulate } from '../simulation/index.ts';
import { type Leaked, leakOf } from './index.ts';
import { leakGraph } from './leak-graph.ts';

const rbac = 'rbac.authorization.k8s.io';
const alice: Leaked = { kind: 'User', namespace: '', name: 'alice', groups: [] };
const toAlice: JsonObject = { kind: 'User', name: 'alice' };

const role = (namespace: string, name: string, resources: string[], verbs: string[]): ManifestObject =>
  manifest(namespace === '' ? 'ClusterRole' : 'Role', namespace, name, {
    rules: [{ apiGroups: [''], resources, verbs }],
  });

function bound(namespace: string, roleKind: string, name: string, subjects = [toAlice], own = name): ManifestObject {
  const body = { subjects, roleRef: { apiGroup: rbac, kind: roleKind, name } };
  return manifest(namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding', namespace, own, body);
}

const secret = (namespace: string, name: string): ManifestObject =>
  manifest('Secret', namespace, name, { data: { password: 'eA==' } });

const shop = [deployment('shop', 'cart'), secret('shop', 'db'), deployment('other', 'web'), secret('other', 'key')];

const reached = (facts: EstateFacts, leaked = alice): string[] =>
  leakOf(facts, [leaked])
    .reached.filter(({ kind }) => kind !== 'identity')
    .map(({ label }) => label)
    .sort();

describe('a leaked credential', () => {
  it('reaches what its bindings open, step by step, and nothing else', () => {
    const facts = estate([...shop, role('shop', 'reader', ['secrets'], ['get']), bound('shop', 'Role', 'reader')]);
    expect(reached(facts)).toEqual(['secret shop/db']);
    const { paths, counts, controlPlane } = leakOf(facts, [alice]);
    expect(paths.map(({ to, steps }) => [to.label, steps.map(({ phrase }) => phrase)])).toEqual([
      ['secret shop/db', ['signs in', 'can read every secret in shop']],
    ]);
    expect(counts).toEqual({
      workloads: { reached: 0, certain: 0, all: 2 },
      secrets: { reached: 1, certain: 1, all: 2 },
      namespaces: { reached: 1, certain: 1, all: 2 },
    });
    expect(controlPlane).toBe(0);
  });

  it('reaches what the groups that it states open, also where nothing names its user', () => {
    const groups = [{ kind: 'Group', name: 'dev' }];
    const facts = estate([...shop, bound('', 'ClusterRole', 'cluster-admin', groups)]);
    expect(reached(facts)).toEqual([]);
    expect(leakOf(facts, [{ ...alice, groups: ['dev'] }]).controlPlane).toBe(1);
  });

  it('of system:masters is the cluster, whatever bindings say', () => {
    expect(leakOf(estate(shop), [{ ...alice, groups: ['system:masters'] }]).controlPlane).toBe(1);
  });

  it('is not what the Internet or a poisoned image does', () => {
    expect(leakOf(estate(shop), [alice])).toMatchObject({ loss: 0, reached: [], cuts: [] });
  });
});

describe('the cut', () => {
  const titles = (facts: EstateFacts): string[] =>
    leakOf(facts, [alice]).cuts.map(({ proposal }) => proposal.change.title);

  it('is the binding that gives it all', () => {
    const facts = estate([...shop, bound('', 'ClusterRole', 'cluster-admin')]);
    expect(titles(facts)).toEqual(['Take user alice out of ClusterRoleBinding cluster-admin']);
  });

  it('takes all bindings that give the same, though each alone removes nothing', () => {
    const facts = estate([
      ...shop,
      ...['one', 'two'].map((own) => bound('', 'ClusterRole', 'cluster-admin', [toAlice], own)),
    ]);
    const { cuts, loss } = leakOf(facts, [alice]);
    expect(cuts.map(({ lossRemoved }) => lossRemoved)).toEqual([0, 0]);
    expect(cuts.at(-1)?.lossRemovedTogether).toBeCloseTo(loss, 6);
  });

  it('leaves out what removes nothing more', () => {
    const facts = estate([
      ...shop,
      bound('', 'ClusterRole', 'cluster-admin'),
      bound('shop', 'ClusterRole', 'view'),
      bound('other', 'ClusterRole', 'edit'),
    ]);
    expect(titles(facts).toSorted()).toEqual([
      'Take user alice out of ClusterRoleBinding cluster-admin',
      'Take user alice out of RoleBinding other/edit',
    ]);
  });

  it('is minimal and removes what it says, in any estate', () => {
    const roles = fc.constantFrom('cluster-admin', 'edit', 'view', 'admin');
    const binding = fc.record({ role: roles, namespace: fc.constantFrom('', 'shop', 'other'), own: fc.nat(99) });
    fc.assert(
      fc.property(fc.array(binding, { minLength: 1, maxLength: 4 }), (bindings) => {
        const facts = estate([
          ...shop,
          ...bindings.map(({ role: name, namespace, own }) =>
            bound(namespace, 'ClusterRole', name, [toAlice], `b${own}`),
          ),
        ]);
        const { cuts, loss } = leakOf(facts, [alice]);
        const left = (proposals: typeof cuts) =>
          simulate(
            leakGraph(
              applyProposals(
                facts,
                proposals.map(({ proposal }) => proposal),
              ),
              [alice],
            ),
            { worlds: 8_192 },
          ).loss;
        expect(loss - left(cuts)).toBeCloseTo(cuts.at(-1)?.lossRemovedTogether ?? 0, 6);
        if (loss > 0) expect(left(cuts)).toBeLessThan(0.1 * loss);
        for (const cut of cuts) expect(left(cuts.filter((each) => each !== cut))).toBeGreaterThan(left(cuts));
      }),
      { numRuns: 25 },
    );
  });
});
