import { describe, expect, it } from 'vitest';
import { FailedEntries } from './failed-entries.ts';

describe('what cannot be learned', () => {
  it('is told of once a minute, with how much more there was', () => {
    const failures = new FailedEntries();
    for (let batch = 0; batch < 3; batch += 1) failures.failed(`batch ${batch}`, 0);
    expect(failures.toTell(0)).toBe(3);
    failures.failed('batch 3', 1000);
    expect(failures.toTell(1000)).toBe(0);
    failures.failed('batch 4', 61_000);
    expect(failures.toTell(61_000)).toBe(2);
  });

  it('is tried again later, and given up where others are learned meanwhile', () => {
    const failures = new FailedEntries();
    failures.failed('batch', 0);
    expect(failures.waiting(10_000)).toEqual(['batch']);
    expect(failures.isDue(20_000)).toBe(true);
    for (let tried = 1; tried < 5; tried += 1) failures.failed('batch', tried * 100_000);
    expect(failures.isHopeless('batch')).toBe(false);
    failures.learned('another');
    expect(failures.isHopeless('batch')).toBe(true);
  });
});
