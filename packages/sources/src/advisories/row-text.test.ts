import type { AdvisoryRow } from '@breakwater/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeRow, IndexedRow, ROW_END, rangeReader } from './row-text.ts';

const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.:+~^ -]{0,12}$/);
const words = fc.array(word, { maxLength: 4 });
const cve = fc.integer({ min: 1000, max: 99_999 }).map((number) => `CVE-2024-${number}`);
const flag = fc.constantFrom(true, undefined);
const event = fc.oneof(
  fc.record({ introduced: word }),
  fc.record({ fixed: word }),
  fc.record({ lastAffected: word }),
  fc.record({ limit: word }),
);
const range = fc.record(
  {
    type: fc.constantFrom('SEMVER' as const, 'ECOSYSTEM' as const),
    branch: fc.stringMatching(/^el[0-9]$/),
    events: fc.array(event, { maxLength: 4 }),
  },
  { requiredKeys: ['type', 'events'] },
);
const imports = fc.array(fc.record({ path: word, symbols: words }), { minLength: 1, maxLength: 3 });

const rows = fc.record({
  id: fc.oneof(cve, fc.stringMatching(/^[A-Z][A-Z0-9-]{0,9}$/)),
  cves: fc.uniqueArray(cve, { maxLength: 3 }),
  other: fc.uniqueArray(fc.stringMatching(/^GHSA-[a-z]{4}$/), { maxLength: 3 }),
  named: fc.boolean(),
  withdrawn: fc.boolean(),
  confidence: fc.constantFrom('high' as const, 'low' as const),
  informational: fc.constantFrom('unmaintained', undefined),
  ranges: fc.array(range, { maxLength: 3 }),
  versions: words,
  partial: flag,
  settles: flag,
  onlyFixes: flag,
  names: fc.constantFrom('source' as const, 'binary' as const, undefined),
  unaffected: fc.option(words, { nil: undefined }),
  module: fc.constantFrom('', 'nodejs:18', undefined),
  architecture: fc.constantFrom('x86_64', undefined),
  imports: fc.option(imports, { nil: undefined }),
});

const FIELDS = [
  'id',
  'cves',
  'aliases',
  'ranges',
  'versions',
  'withdrawn',
  'confidence',
  'informational',
  'names',
  'unaffected',
  'module',
  'architecture',
  'imports',
] as const satisfies (keyof AdvisoryRow)[];

it('gives back every field of a row that matching understands', () => {
  fc.assert(
    fc.property(rows, fc.nat(), ({ other, named, ...row }, advisory) => {
      const aliases = [...new Set([row.id, ...(named ? row.cves : []), ...other])];
      const text = encodeRow(advisory, { ...row, aliases }, row as never);
      expect(text).not.toContain(ROW_END);
      const detail = { summary: 's', severity: 'low' as const, source: 'a.json' };
      const read = new IndexedRow(text, 'npm', 'a', rangeReader(), () => detail);
      for (const field of FIELDS) expect([field, read[field]]).toEqual([field, { ...row, aliases }[field]]);
      expect([read.partial, read.settles, read.onlyFixes]).toEqual(
        [row.partial, row.settles, row.onlyFixes].map(Boolean),
      );
      expect([read.advisory, read.summary, read.severity, read.source]).toEqual([advisory, 's', 'low', 'a.json']);
    }),
  );
});
