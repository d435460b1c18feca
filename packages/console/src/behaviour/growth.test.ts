import { describe, expect, it } from 'vitest';
import { growthOf, spanOf, stepPath } from './growth.ts';

const DAY = 86_400_000;
const span = { from: 0, until: 10 * DAY };
const on = (day: number) => ({ first: new Date(day * DAY).toISOString() });

describe('growth', () => {
  it('counts what was declared from the beginning, and the rest from when it was first seen', () => {
    expect(growthOf([{}, on(2), on(2), on(5)], span).map(({ time, known }) => [time / DAY, known])).toEqual([
      [0, 1],
      [2, 3],
      [5, 4],
      [10, 4],
    ]);
  });

  it('is flat where there is nothing', () => {
    expect(growthOf([], span).map(({ known }) => known)).toEqual([0, 0]);
  });

  it('spans what is known of it, and nothing where that is nothing', () => {
    expect(spanOf({ growth: [] })).toBeUndefined();
    expect(spanOf({ from: '1970-01-02T00:00:00Z', growth: [{ time: '1970-01-03T00:00:00Z', behaviours: 1 }] })).toEqual(
      {
        from: DAY,
        until: 2 * DAY,
      },
    );
  });

  it('is drawn in steps', () => {
    const points = growthOf([{}, on(5)], span);
    expect(stepPath(points, span, { width: 100, height: 20, most: 2 })).toBe('M0 10H50V0H100V0');
  });

  it('is drawn where all is of one moment', () => {
    const now = { from: DAY, until: DAY };
    expect(stepPath(growthOf([{}], now), now, { width: 100, height: 20, most: 1 })).not.toContain('NaN');
  });
});
