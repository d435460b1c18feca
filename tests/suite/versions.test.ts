import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { versionsSuite } from './versions.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'suites', 'versions');
const MISSING = !existsSync(join(FOLDER, 'cases.jsonl'));

const ECOSYSTEMS = 'alpine cran debian hackage maven nuget packagist pub pypi rpm rubygems semver'.split(' ');

interface Case {
  ecosystem: string;
  a: string;
  op: '<' | '=' | '>';
  b: string;
  origin: string;
  note?: string;
}

const cases: Case[] = MISSING
  ? []
  : readFileSync(join(FOLDER, 'cases.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

const TURNED = { '<': '>', '=': '=', '>': '<' };

/** Lines of Alpine with a note are out of scope: they differ between releases of apk. */
describe.skipIf(MISSING)('conformance: the suite `versions` (skipped where ../shared/suites is absent)', () => {
  it.each(ECOSYSTEMS)('orders all of %s in both directions', async (ecosystem) => {
    const wanted = cases.filter((item) => item.ecosystem === ecosystem && item.note === undefined);
    expect(wanted.length).toBeGreaterThan(0);
    const wrong: string[] = [];
    for (const { a, op, b, origin } of wanted) {
      const said = await versionsSuite.answer({ ecosystem, a, b, origin }, FOLDER);
      const right = 'answer' in said && JSON.stringify(said.answer) === JSON.stringify({ ab: op, ba: TURNED[op] });
      if (!right) wrong.push(`${a} ${op} ${b}: ${JSON.stringify(said)}`);
    }
    expect(wrong).toEqual([]);
  });
});
