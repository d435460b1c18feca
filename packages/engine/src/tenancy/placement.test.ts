import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { deployment, manifest, tenancyOf } from './estate.fixture.ts';

const affinity = (...terms: JsonObject[][]): JsonObject => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: terms.map((matchExpressions) => ({ matchExpressions })),
      },
    },
  },
});
const is = (key: string, operator: string, ...values: string[]): JsonObject => ({ key, operator, values });
const node = (name: string, labels: JsonObject = {}, taints: JsonObject[] = []) =>
  manifest('Node', '', name, { metadata: { labels }, spec: { taints } });

const meet = (a: JsonObject, b: JsonObject, nodes = [] as ReturnType<typeof node>[]): boolean => {
  const { placements } = tenancyOf([deployment('a', 'a', { pod: a }), deployment('b', 'b', { pod: b }), ...nodes]);
  return placements.mayMeet(placements.classOf[0]!, placements.classOf[1]!);
};

describe('pods that say nothing', () => {
  it('may meet', () => expect(meet({}, {})).toBe(true));
});

describe('without Nodes in view, pods meet', () => {
  it.each<[string, JsonObject, JsonObject, boolean]>([
    ['not with two values of one label', { nodeSelector: { pool: 'a' } }, { nodeSelector: { pool: 'b' } }, false],
    ['with labels of two keys', { nodeSelector: { pool: 'a' } }, { nodeSelector: { disk: 'b' } }, true],
    ['where only one of them asks', { nodeSelector: { pool: 'a' } }, {}, true],
    ['not on two nodes by name', { nodeName: 'n1' }, { nodeName: 'n2' }, false],
    ['not where one keeps away', { nodeSelector: { pool: 'a' } }, affinity([is('pool', 'NotIn', 'a')]), false],
    [
      'not where one wants no label at all',
      affinity([is('pool', 'Exists')]),
      affinity([is('pool', 'DoesNotExist')]),
      false,
    ],
    [
      'in one of several choices',
      { nodeSelector: { pool: 'a' } },
      affinity([is('pool', 'In', 'b')], [is('pool', 'In', 'a', 'c')]),
      true,
    ],
    ['where an operator is not decided', { nodeSelector: { size: '1' } }, affinity([is('size', 'Gt', '5')]), true],
  ])('%s', (_, a, b, expected) => {
    expect(meet(a, b)).toBe(expected);
    expect(meet(b, a)).toBe(expected);
  });
});

describe('with Nodes in view, pods meet', () => {
  const dedicated = node('n1', { pool: 'a' }, [{ key: 'pool', value: 'a', effect: 'NoSchedule' }]);
  const own: JsonObject = {
    nodeSelector: { pool: 'a' },
    tolerations: [{ key: 'pool', operator: 'Equal', value: 'a', effect: 'NoSchedule' }],
  };

  it('not where a taint keeps the others away', () => {
    expect(meet(own, {}, [dedicated, node('n2')])).toBe(false);
    expect(meet(own, { tolerations: [{ operator: 'Exists' }] }, [dedicated, node('n2')])).toBe(true);
    expect(meet(own, { tolerations: [{ key: 'pool', value: 'b' }] }, [dedicated, node('n2')])).toBe(false);
  });

  it('where nothing but a selector keeps one to its nodes', () => {
    expect(meet({ nodeSelector: { pool: 'a' } }, {}, [node('n1', { pool: 'a' }), node('n2')])).toBe(true);
  });

  it('whatever taints of the moment nodes have, and those that only advise', () => {
    const taints: JsonObject[] = [
      { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
      { key: 'x', effect: 'PreferNoSchedule' },
    ];
    expect(meet({}, {}, [node('n1', {}, taints)])).toBe(true);
  });
});

describe('a runtime class', () => {
  it('brings its own nodes', () => {
    const runtime = manifest('RuntimeClass', '', 'strong', {
      handler: 'kata',
      scheduling: { nodeSelector: { pool: 'kata' } },
    });
    const { placements } = tenancyOf([
      deployment('a', 'a', { pod: { runtimeClassName: 'strong' } }),
      deployment('b', 'b', { pod: { nodeSelector: { pool: 'plain' } } }),
      runtime,
    ]);
    expect(placements.mayMeet(placements.classOf[0]!, placements.classOf[1]!)).toBe(false);
  });
});
