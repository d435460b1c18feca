import { describe, expect, it } from 'vitest';
import { alignPointer } from './align-pointer.ts';

const pod = (...names: string[]) => ({ spec: { containers: names.map((name) => ({ name, args: ['a', name] })) } });

describe('alignPointer', () => {
  it('finds a container by its name, not by its position', () => {
    const pointer = ['spec', 'containers', 0, 'securityContext', 'privileged'];
    expect(alignPointer(pod('cart'), pod('proxy', 'cart'), pointer)).toEqual(pointer.with(2, 1));
  });

  it('says when the other variant has no such item', () => {
    expect(alignPointer(pod('cart'), pod('proxy'), ['spec', 'containers', 0, 'image'])).toBeUndefined();
    expect(alignPointer(pod('cart'), { spec: {} }, ['spec', 'containers', 0])).toBeUndefined();
  });

  it('finds texts by their value and appends where the reference appends', () => {
    expect(alignPointer({ drop: ['A', 'B'] }, { drop: ['B'] }, ['drop', 1])).toEqual(['drop', 0]);
    expect(alignPointer({ drop: ['A', 'B'] }, { drop: ['B'] }, ['drop', 2])).toEqual(['drop', 1]);
    expect(alignPointer({}, {}, ['spec', 'list', 0, 'name'])).toEqual(['spec', 'list', 0, 'name']);
  });

  it('tells two mounts of one volume apart', () => {
    const mounts = (...paths: string[]) => ({ volumeMounts: paths.map((mountPath) => ({ name: 'data', mountPath })) });
    expect(alignPointer(mounts('/a', '/b'), mounts('/b', '/a'), ['volumeMounts', 1])).toEqual(['volumeMounts', 0]);
  });
});
