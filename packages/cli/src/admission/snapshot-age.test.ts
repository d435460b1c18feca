import { describe, expect, it } from 'vitest';
import { snapshotText } from './snapshot-age.ts';

const NOW = new Date('2026-03-10T12:00:00Z');

describe('snapshotText', () => {
  it.each([
    ['2026-03-10T11:59:30Z', 'snapshot 3f31, less than a minute old'],
    ['2026-03-10T11:58:10Z', 'snapshot 3f31, 1 minute old'],
    ['2026-03-10T11:00:30Z', 'snapshot 3f31, 59 minutes old'],
    ['2026-03-10T09:10:00Z', 'snapshot 3f31, 2 hours old'],
    ['2026-03-01T12:00:00Z', 'snapshot 3f31, 9 days old'],
    // Of a clock that was set back.
    ['2026-03-10T12:05:00Z', 'snapshot 3f31, less than a minute old'],
  ])('tells one of %s as “%s”', (time, told) => {
    expect(snapshotText({ version: '3f31', time }, NOW)).toBe(told);
  });

  it('says what is not known without one', () => {
    expect(snapshotText({ version: '', time: undefined }, NOW)).toContain('no snapshot');
  });
});
