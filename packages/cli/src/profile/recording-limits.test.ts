import type { RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { readLimits, watchLimits } from './recording-limits.ts';

const event = (path: string): RuntimeEvent => ({
  ...{ source: 'sensor', time: '2026-01-01T00:00:00Z', type: 'exec' },
  process: { path, arguments: '' },
});
const limits = { longest: 3_600, events: 1_000, bytes: 100_000 };

/** How many of these events a recording takes, and what it says. */
function take(given: Partial<typeof limits>, events: Iterable<RuntimeEvent>, isNew = true) {
  const kept = { kept: 0 };
  let ends = 0;
  const watch = watchLimits({ ...limits, ...given }, kept, () => {
    ends += 1;
  });
  let taken = 0;
  for (const one of events) {
    if (!watch.isOpenFor(one)) continue;
    taken += 1;
    if (isNew) kept.kept += 1;
  }
  watch.close();
  return { taken, ends, ended: watch.ended() };
}
const many = (count: number, path = '/bin/app') => Array.from({ length: count }, () => event(path));

describe('the limits of a recording', () => {
  it('end it once, after as many events as it takes', () => {
    expect(take({ events: 5 }, many(20), false)).toEqual({
      ...{ taken: 5, ends: 1, ended: 'The recording ended after 5 events, as many as it takes.' },
    });
  });

  it('end it by the bytes of what is new, and not by what is known', () => {
    const long = many(90, `/${'a'.repeat(5_000)}`);
    expect(take({}, long)).toMatchObject({ ends: 1, ended: expect.stringContaining('newly do') });
    expect(take({}, long).taken).toBeLessThan(15);
    expect(take({}, long, false)).toEqual({ taken: 90, ends: 0, ended: undefined });
  });

  it('end it after its longest time', async () => {
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const watch = watchLimits({ ...limits, longest: 0.01 }, { kept: 0 }, () => end());
    watch.begin();
    await ended;
    expect(watch.ended()).toMatch(/its longest time/);
    expect(watch.isOpenFor(event('/x'))).toBe(false);
  });

  it.each([
    ['90s', 90],
    ['30m', 1_800],
    ['2h', 7_200],
  ])('are read of %s', (longest, seconds) => {
    expect(readLimits({ options: { longest } }).longest).toBe(seconds);
  });

  it.each(['', '0s', '5', '1d', 'x'])('are not read of %j', (longest) => {
    expect(() => readLimits({ options: { longest } })).toThrow(/takes a time/);
  });
});
