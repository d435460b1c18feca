import { IncidentEntry } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { groupEntries } from './entry-groups.ts';

const entry = (second: number, more: Partial<IncidentEntry> = {}): IncidentEntry =>
  IncidentEntry.parse({
    ...{ time: `2026-11-20T10:00:${String(second).padStart(2, '0')}.000Z`, kind: 'alert', policy: 'a' },
    ...{ sentence: `reads ${second}`, subject: 'shop/Deployment/web' },
    ...more,
  });
const seconds = (count: number, more: Partial<IncidentEntry> = {}) =>
  Array.from({ length: count }, (_, second) => entry(second, more));
const sizes = (entries: IncidentEntry[]) => groupEntries(entries).map(({ more }) => 1 + more.length);

describe('a long timeline', () => {
  it('tells a run of the same as one, and shorter runs one by one', () => {
    expect(sizes(seconds(50))).toEqual([50]);
    expect(sizes(seconds(3))).toEqual([1, 1, 1]);
  });

  it('keeps apart what another policy, workload or prevention is about, and what stands between', () => {
    expect(sizes([...seconds(4), ...seconds(4, { policy: 'b' })])).toEqual([4, 4]);
    expect(sizes([...seconds(4), ...seconds(4, { subject: 'shop/Deployment/cart' })])).toEqual([4, 4]);
    expect(sizes([...seconds(4), ...seconds(4, { prevention: 'stopped' })])).toEqual([4, 4]);
    expect(sizes([...seconds(4), entry(5, { kind: 'connection' }), ...seconds(4)])).toEqual([4, 1, 4]);
  });

  it('never hides what people did, and loses nothing', () => {
    expect(sizes(seconds(6, { kind: 'response' }))).toEqual([1, 1, 1, 1, 1, 1]);
    const all = [...seconds(9), entry(10, { kind: 'feedback' }), ...seconds(2)];
    expect(groupEntries(all).flatMap(({ first, more }) => [first, ...more])).toEqual(all);
  });
});
