import { describe, expect, it } from 'vitest';
import { editObject, type FieldEdit } from './edit-object.ts';

const set = (pointer: (string | number)[], value: FieldEdit['value']): FieldEdit => ({
  operation: 'set',
  pointer,
  value,
});
const remove = (...pointer: (string | number)[]): FieldEdit => ({ operation: 'remove', pointer });

describe('editObject', () => {
  it('makes the parents that are missing', () => {
    expect(editObject({ spec: null }, [set(['spec', 'securityContext', 'privileged'], false)])).toEqual({
      spec: { securityContext: { privileged: false } },
    });
  });

  it('takes indexes as they were read, however many items go', () => {
    const object = { list: ['a', 'b', 'c', 'd'] };
    expect(editObject(object, [remove('list', 0), remove('list', 2)])).toEqual({ list: ['b', 'd'] });
  });

  it('appends at the end of a list', () => {
    expect(editObject({ list: [1] }, [set(['list', 1], 2)])).toEqual({ list: [1, 2] });
  });

  it('leaves the original and all that is not touched as they are', () => {
    const object = { spec: { a: { deep: true }, b: 1 } };
    const edited = editObject(object, [set(['spec', 'b'], 2)]) as typeof object;
    expect(object.spec.b).toBe(1);
    expect(edited.spec.a).toBe(object.spec.a);
  });

  it('changes nothing where there is nothing to remove', () => {
    expect(editObject({ a: [1] }, [remove('a', 5), remove('b', 'c'), remove('a', 'x')])).toEqual({ a: [1] });
  });

  it('never touches a prototype', () => {
    editObject({}, [set(['__proto__', 'polluted'], true), set(['constructor', 'prototype', 'polluted'], true)]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
