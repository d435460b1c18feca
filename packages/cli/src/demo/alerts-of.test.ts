import type { RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { countRepeats } from './alerts-of.ts';

const alertOf = (rule: string, message: string, count?: number): RuntimeEvent => ({
  source: 'sensor',
  time: '2026-11-22T16:00:00.000Z',
  type: 'alert',
  alert: { rule, priority: 'Warning', tags: [], message },
  ...(count !== undefined && { count }),
});

describe('alerts that are said again', () => {
  it('are one line with how many there were, each in the place of its first', () => {
    const alerts = [alertOf('a', 'x'), alertOf('b', 'x'), alertOf('a', 'x', 3), alertOf('a', 'y')];
    expect(countRepeats(alerts).map(({ alert, count }) => [alert?.rule, alert?.message, count])).toEqual([
      ['a', 'x', 4],
      ['b', 'x', undefined],
      ['a', 'y', undefined],
    ]);
  });
});
