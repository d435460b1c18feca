import type { RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { alertLines } from './print-alert.ts';

const alert: RuntimeEvent = {
  source: 'sensor',
  time: '2026-11-22T16:00:00.000Z',
  type: 'alert',
  alert: { rule: 'dropped-binary', priority: 'Critical', tags: [], message: 'x runs' },
};

describe('an alert', () => {
  it('says where it is about: the pod, the name of the container, its id where it has no name, the host', () => {
    const id = 'ab'.repeat(32);
    const headOf = (more: Partial<RuntimeEvent>) => alertLines({ ...alert, ...more })[0];
    expect(headOf({ container: { id, name: 'web' }, pod: { namespace: 'shop', name: 'web-1', labels: {} } })).toContain(
      'shop/web-1',
    );
    expect(headOf({ container: { id, name: 'web' }, node: 'n1' })).toBe('16:00:00 Critical web x runs');
    expect(headOf({ container: { id }, node: 'n1' })).toBe('16:00:00 Critical abababababab x runs');
    expect(headOf({ node: 'n1' })).toBe('16:00:00 Critical n1 x runs');
  });
});
