import type { RuntimeEvent } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEvidenceCollector, mergeObservations, mergeReporters, withReporters } from './index.ts';

const anyEvent: fc.Arbitrary<RuntimeEvent> = fc.record(
  {
    source: fc.constantFrom('tetragon' as const, 'sensor' as const),
    time: fc.integer({ min: 0, max: 200 }).map((hour) => new Date(Date.UTC(2026, 0, 1, hour, 30)).toISOString()),
    type: fc.constantFrom('exec' as const, 'open' as const, 'loss' as const),
    node: fc.constantFrom('a', 'b'),
    container: fc.constantFrom({ image: 'shop/cart:1' }, { image: 'shop/db:1' }),
    process: fc.constantFrom({ path: '/bin/a', arguments: '' }, { path: '/bin/b', arguments: '' }),
    file: fc.constantFrom({ path: '/usr/lib/a.so' }, { path: '/usr/lib/b.so' }),
  },
  { requiredKeys: ['source', 'time', 'type'] },
);

const collect = (events: readonly RuntimeEvent[]) => {
  const collector = createEvidenceCollector();
  for (const event of events) collector.add(event);
  return collector;
};

describe('events that are collected piece by piece', () => {
  it('prove what they prove at once, however they are cut and in whatever order the pieces come', () => {
    const pieces = fc.array(fc.array(anyEvent, { maxLength: 12 }), { maxLength: 6 });
    fc.assert(
      fc.property(pieces, fc.boolean(), (lists, isReversed) => {
        const parts = (isReversed ? lists.toReversed() : lists).map(collect);
        const observations = mergeObservations(...parts.map((part) => part.observations()));
        const reporters = mergeReporters(...parts.map((part) => part.reporters()));
        const whole = collect(lists.flat());
        expect(withReporters(observations, reporters)).toEqual(whole.observations());
        expect(reporters).toEqual(mergeReporters(whole.reporters()));
      }),
    );
  });

  it('make an image observed in the hours in which only others were heard of', () => {
    const at = (hour: number, image: string): RuntimeEvent => ({
      source: 'tetragon',
      node: 'n',
      time: `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000Z`,
      type: 'exec',
      container: { image },
    });
    const parts = [[at(1, 'a')], [at(2, 'b')], [at(3, 'a')]].map(collect);
    const merged = mergeObservations(...parts.map((part) => part.observations()));
    const [a] = withReporters(merged, mergeReporters(...parts.map((part) => part.reporters())));
    const start = Date.UTC(2026, 0, 1) / 3_600_000;
    expect(a?.hours).toEqual([[start + 1, start + 3]]);
  });
});
