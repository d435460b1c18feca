import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { versionsSuite } from './versions.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'suites', 'versions');
const MISSING = !existsSync(join(FOLDER, 'cases.jsonl'));

interface Case {
  ecosystem: string;
  a: string;
  op: '<' | '=' | '>';
  b: string;
  note?: string;
}

const cases: Case[] = MISSING
  ? []
  : readFileSync(join(FOLDER, 'cases.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

const TURNED = { '<': '>', '=': '=', '>': '<' };

/** Ecosystems whose order is here, with the number of cases that are in scope (lines of Alpine with a note are not). */
describe.skipIf(MISSING)('conformance: the suite `versions` (skipped where ../shared/suites is absent)', () => {
  it.each(['debian', 'alpine', 'semver'])('orders all of %s in both directions', async (ecosystem) => {
    const wanted = cases.filter((item) => item.ecosystem === ecosystem && item.note === undefined);
    expect(wanted.length).toBeGreaterThan(0);
    const wrong: string[] = [];
    for (const { a, op, b } of wanted) {
      const said = await versionsSuite.answer({ ecosystem, a, b }, FOLDER);
      const right = 'answer' in said && JSON.stringify(said.answer) === JSON.stringify({ ab: op, ba: TURNED[op] });
      if (!right) wrong.push(`${a} ${op} ${b}: ${JSON.stringify(said)}`);
    }
    expect(wrong).toEqual([]);
  });
});
