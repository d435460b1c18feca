import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { deviationLines } from './print-deviation.ts';

describe('a line about what is no more as it was', () => {
  it('says of which container, what it uses more of and for how long, on one line whatever the name holds', () => {
    const [line, ...more] = deviationLines({
      subject: 'shop/cart:1',
      event: { source: 'sensor', time: '2026-02-01T10:15:00.000Z', type: 'resource', container: { name: 'we\nb' } },
      use: {
        ...{ resource: 'cpu', replica: 'c0', value: 3, usual: 0.2, minutes: 10, verdict: 'deviation' },
        reason: 'cpu is 3 cores for 10 minutes; 99 of 100 minutes stay below 0.2',
      },
    });
    expect(more).toEqual([]);
    expect(stripVTControlCharacters(line ?? '')).toBe(
      '10:15:00 more we b cpu is 3 cores for 10 minutes; 99 of 100 minutes stay below 0.2',
    );
  });
});
