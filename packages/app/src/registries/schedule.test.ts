import { UpstreamError } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { openPace } from './pace.ts';
import { nextAttempt, nextLook, troubleOf } from './schedule.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const seconds = (time: string) => (Date.parse(time) - NOW) / 1000;

describe('the next look', () => {
  it('comes around the interval, not all at once', () => {
    expect([0, 0.5, 1].map((random) => seconds(nextLook(NOW, 100, random)))).toEqual([90, 100, 110]);
  });

  it('waits twice as long after each failure, and as long as the registry asks', () => {
    expect([0, 1, 2, 3].map((attempts) => seconds(nextAttempt(NOW, attempts, 0)))).toEqual([15, 30, 60, 120]);
    expect(seconds(nextAttempt(NOW, 1000, 1))).toBe(6 * 3600 * 1.25);
    expect(seconds(nextAttempt(NOW, 0, 0, 3_600_000))).toBe(3600);
    expect(seconds(nextAttempt(NOW, 0, 0, 1))).toBe(15);
    expect(seconds(nextAttempt(NOW, 0, 0, 1e12))).toBe(86_400);
  });
});

describe('a trouble', () => {
  it('is told in the words of the error, and a bug of ours without its detail', () => {
    const since = '2026-01-01T00:00:00Z';
    const error = new UpstreamError('It is away', { code: 'away', hint: 'wait', cause: new Error('secret') });
    expect(troubleOf(error, since)).toEqual({ code: 'away', message: 'It is away', hint: 'wait', since });
    expect(JSON.stringify(troubleOf(new Error('password=secret'), since))).not.toContain('secret');
  });
});

describe('the pace', () => {
  it('bounds requests under way and each second, for each registry apart', async () => {
    const pace = openPace({ perSecond: 100, atOnce: 2 }, Date.now);
    const { signal } = new AbortController();
    let running = 0;
    let most = 0;
    const task = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 30));
      running -= 1;
    };
    const started = performance.now();
    await Promise.all(Array.from({ length: 20 }, () => pace.run('a', signal, task)));
    expect(most).toBe(2);
    expect(performance.now() - started).toBeGreaterThan(250);
  });

  it('goes on after a failure, and ends with its signal', async () => {
    const pace = openPace({ perSecond: 1000, atOnce: 1 }, Date.now);
    const stop = new AbortController();
    await expect(pace.run('a', stop.signal, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await pace.run('a', stop.signal, async () => 'yes')).toBe('yes');
    stop.abort();
    await expect(pace.run('a', stop.signal, async () => 'yes')).rejects.toThrow();
  });
});
