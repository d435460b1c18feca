import { describe, expect, it } from 'vitest';
import { CelUnknown } from '../../cel/index.ts';
import { ask, at, deployment, pods } from './estate.fixture.ts';
import { estateOfLists } from './index.ts';

describe('an estate that means harm', () => {
  const many = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  const seconds = (work: () => void): number => {
    const start = performance.now();
    work();
    return (performance.now() - start) / 1000;
  };

  it('of ten thousand namespaces takes no time that grows with their square', () => {
    const estate = estateOfLists({
      Namespace: many(10_000, (index) => ({ metadata: { name: `n${index}` } })),
      NetworkPolicy: many(10_000, (index) => at(`n${index}`, 'all', { spec: { podSelector: {} } })),
      Deployment: many(10_000, (index) => at(`n${index}`, 'web', pods({ app: `a${index}` }))),
    });
    const taken = seconds(() => {
      for (let index = 0; index < 10_000; index++) {
        const namespace = `n${index}`;
        const workload = { kind: 'Deployment', ...at(namespace, 'web'), ...pods({ app: `a${index}` }) };
        const seen = estate.around({ object: workload, namespace: undefined })?.view;
        expect(seen?.isolated).toEqual({ ingress: true, egress: false });
        expect(
          estate.around({ object: { kind: 'Namespace', metadata: { name: namespace } }, namespace: undefined })?.view
            .within['NetworkPolicy'],
        ).toHaveLength(1);
      }
    });
    expect(taken).toBeLessThan(10);
  });

  it('whose selectors all select everything is answered, or left unknown, in bounded time', () => {
    const estate = estateOfLists({
      Deployment: many(5_000, (index) => at('shop', `w${index}`, pods({ app: `a${index}`, all: 'yes' }))),
      NetworkPolicy: many(5_000, (index) =>
        at('shop', `p${index}`, {
          spec: { podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: [`x${index}`] }] } },
        }),
      ),
    });
    const verdicts = new Set<string>();
    const taken = seconds(() => {
      for (let index = 0; index < 5_000; index++) {
        const workload = { kind: 'Deployment', ...at('shop', `w${index}`), ...pods({ app: `a${index}`, all: 'yes' }) };
        const isolated = estate.around({ object: workload, namespace: undefined })?.view.isolated;
        verdicts.add(isolated instanceof CelUnknown ? 'unknown' : JSON.stringify(isolated));
      }
    });
    expect([...verdicts]).toEqual(['{"ingress":true,"egress":false}', 'unknown']);
    expect(taken).toBeLessThan(20);
  });

  it('whose bindings name roles that there are not, and name everybody, is read once', () => {
    const subjects = many(100, (index) => ({ kind: 'ServiceAccount', name: `a${index}`, namespace: 'shop' }));
    const bindings = many(2_000, (index) =>
      at('shop', `b${index}`, { roleRef: { kind: 'Role', name: `gone${index}` }, subjects }),
    );
    const estate = estateOfLists({ RoleBinding: bindings });
    const taken = seconds(() => {
      for (let index = 0; index < 100; index++)
        expect(ask(estate, deployment({ serviceAccountName: `a${index}` }), 'grants.size()')).toBe(2_000);
    });
    expect(taken).toBeLessThan(10);
  });
});
