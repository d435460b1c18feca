import { describe, expect, it } from 'vitest';
import { deployment, estate, flaw, loaded, manifest, service } from '../estate.fixture.ts';
import type { EstateFacts } from '../graph/index.ts';
import { rank } from '../rank.ts';

const log4shell = flaw('CVE-2021-44228', 'log4j-core', {
  exploitation: { ransomware: false, epss: 0.97, knownExploitedSince: '2021-12-10' },
});
const privileged = { container: { securityContext: { privileged: true } } };
const content = { flaws: [log4shell], evidence: { [log4shell.component]: loaded } };
const rankingOf = (facts: EstateFacts) => rank(facts, { time: '2026-11-22T12:00:00Z', worlds: 2_048 }).ranking;

/** Equal exposed privileged workloads: whichever falls opens the node to the same degree. */
function equals(count: number): EstateFacts {
  const names = Array.from({ length: count }, (_, at) => `w${at}`);
  return estate(
    names.flatMap((name) => [deployment('shop', name, privileged), service('shop', name, 'LoadBalancer')]),
    Object.fromEntries(names.map((name) => [name, content])),
  );
}

describe('where many workloads open the same', () => {
  it.each([3, 20, 120])('%i of them get one change of all, and the riskiest one of its own', (count) => {
    const { fixes, loss, workloads } = rankingOf(equals(count));
    const all = fixes.find(({ id }) => id === 'all:unprivileged:default')!;
    expect(all.workloads).toHaveLength(count);
    expect(all.title).toBe(`Remove privileged from ${count > 3 ? `${count} workloads` : 'shop/w0, shop/w1, shop/w2'}`);
    expect(all.lossRemoved).toBeGreaterThan(0.01 * loss);
    for (const workload of workloads.slice(0, 10)) expect(workload.fixes).not.toEqual([]);
  });

  it('a change of all is not proposed where each alone does as well', () => {
    const facts = estate(
      ['east', 'west'].flatMap((cluster) => [
        deployment('shop', `${cluster}-a`, { ...privileged, cluster }),
        service('shop', `${cluster}-a`, 'LoadBalancer', cluster),
      ]),
      { 'east-a': content, 'west-a': content },
    );
    const { fixes } = rankingOf(facts);
    expect(fixes.length).toBeGreaterThan(0);
    expect(fixes.filter(({ id }) => id.startsWith('all:'))).toEqual([]);
  });

  it('a workload whose own loss alone moves has a fix that says so', () => {
    const objects = Array.from({ length: 40 }, (_, at) => [
      deployment('shop', `w${at}`, at % 2 === 0 ? privileged : { pod: { hostPID: at === 1 } }),
      service('shop', `w${at}`, 'LoadBalancer'),
    ]).flat();
    const names = Array.from({ length: 40 }, (_, at) => `w${at}`);
    const { fixes, workloads } = rankingOf(estate(objects, Object.fromEntries(names.map((name) => [name, content]))));
    for (const { fixes: own } of workloads.slice(0, 10)) expect(own).not.toEqual([]);
    expect(fixes.map(({ n }) => n)).toEqual(fixes.map((_, index) => index + 1));
  });
});

describe('alternatives', () => {
  const facts = estate(
    [
      deployment('shop', 'cart', { ...privileged, pod: { hostPID: true, serviceAccountName: 'cart' } }),
      service('shop', 'cart', 'LoadBalancer'),
      deployment('shop', 'web', { pod: { serviceAccountName: 'web' } }),
      service('shop', 'web', 'LoadBalancer'),
      manifest('Secret', 'shop', 'database', { data: { password: 'eA==' } }),
      manifest('Role', 'shop', 'reader', {
        rules: [{ apiGroups: [''], resources: ['configmaps', 'secrets'], verbs: ['get', 'list'] }],
      }),
      manifest('RoleBinding', 'shop', 'reader', {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
        subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }],
      }),
    ],
    { cart: content, web: content },
  );
  const { fixes } = rankingOf(facts);
  const isAlternative = ({ detail }: { detail: string }) => detail.startsWith('An alternative to fix ');

  it('come behind all that add something, and name what they stand for', () => {
    const adding = fixes.filter((fix) => !isAlternative(fix));
    expect(fixes.slice(0, adding.length)).toEqual(adding);
    const kinds = (prefix: string) => fixes.find(({ id }) => id.startsWith(prefix))!;
    const narrow = kinds('narrow-role:');
    expect(isAlternative(narrow)).toBe(false);
    for (const other of [kinds('no-token:default/shop/Deployment/web'), kinds('unbind:')]) {
      expect(other.detail).toMatch(new RegExp(`^An alternative to fix ${narrow.n}:`));
    }
  });

  it('never lower what fixes remove together, and each that adds removes more than those before', () => {
    const together = fixes.map(({ lossRemovedTogether }) => lossRemovedTogether);
    expect(together).toEqual(together.toSorted((left, right) => left - right));
    const adding = fixes.filter((fix) => !isAlternative(fix)).slice(1, 5);
    for (const { n, lossRemoved } of adding) {
      expect(together[n - 1]! - together[n - 2]!).toBeGreaterThanOrEqual(lossRemoved * 0.25);
    }
  });
});
