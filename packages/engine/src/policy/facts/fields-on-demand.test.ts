import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../cel/index.ts';
import { Facts } from './facts.ts';
import { fieldsOnDemand } from './fields-on-demand.ts';

const pod: JsonObject = {
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'a', image: 'nginx' }, {}] },
};

/** What an expression says of the pod's own facts. */
const ask = (source: string): unknown =>
  compileExpression(source, { variables: ['containers', 'workload'] }).evaluate(
    new Facts({ id: 'web', object: pod }, '2026-01-01T00:00:00Z'),
  );

describe('fieldsOnDemand', () => {
  it('makes maps that are read by key, gone through, counted and compared like any other', () => {
    expect(ask("containers[0]['image']")).toBe('nginx');
    expect(ask("'image' in containers[0] && !('toString' in containers[0]) && !('$read' in workload)")).toBe(true);
    expect(ask("containers[0].?image.orValue('') + containers[0][?'role'].orValue('')")).toBe('nginxmain');
    expect(ask('has(containers[0].image) && !has(containers[0].imaginary)')).toBe(true);
    expect(ask("containers[0].map(key, key).join(' ')")).toMatch(/^name role image privileged .* requests spec$/);
    expect(ask("workload.all(key, value, key != 'name' || value == 'web')")).toBe(true);
    expect(ask('containers[0].size() == containers[1].size() && containers[0].size() > 10')).toBe(true);
    expect(ask('containers[0] == containers[0] && containers[0] != containers[1]')).toBe(true);
    expect(ask("containers[0].name == 'a' && containers[0]['name'] == 'a' && containers[0].name == 'a'")).toBe(true);
  });

  it('says of a field that there is not what is said of any map', () => {
    expect(ask('workload.nothing')).toEqual(ask('{"a": 1}.nothing'));
    expect(ask("workload['nothing']")).toEqual(ask('{"a": 1}["nothing"]'));
  });

  it('evaluates a field when it is first read, and once', () => {
    let reads = 0;
    const make = fieldsOnDemand({ a: 'x', b: 'x' }, ['x']);
    const map = make({
      get x() {
        reads += 1;
        return 7;
      },
    });
    expect(reads).toBe(0);
    expect([map['a'], map['a'], reads]).toEqual([7, 7, 1]);
  });
});
