import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { celSuite } from './cel.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'suites', 'cel');
const MISSING = !existsSync(join(FOLDER, 'cases.jsonl'));

interface Case {
  kind: 'value' | 'cost';
  expression: string;
  expected?: unknown;
  runtime_error?: string;
  compile_error?: string[];
  estimated_cost?: { min: number; max: number };
  runtime_cost?: number;
}

const cases: Case[] = MISSING
  ? []
  : readFileSync(join(FOLDER, 'cases.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

function expectedOf(item: Case): unknown {
  if (item.kind === 'cost') return { estimated: item.estimated_cost, runtime: item.runtime_cost };
  if (item.compile_error !== undefined) return { error: 'compile' };
  return item.runtime_error === undefined ? item.expected : { error: 'runtime' };
}

/** Integers may be written as strings. */
const written = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === 'number' ? `${part}` : part));

describe.skipIf(MISSING)('conformance: the suite `cel` (skipped where ../shared/suites is absent)', () => {
  it.each(['value', 'cost'])('is right in every case of kind %s', async (kind) => {
    const wanted = cases.filter((item) => item.kind === kind);
    expect(wanted.length).toBeGreaterThan(0);
    const wrong: string[] = [];
    for (const item of wanted) {
      const seen = Object.fromEntries(Object.entries(item).filter(([field]) => celSuite.reads.includes(field)));
      const said = await celSuite.answer(seen, FOLDER);
      const got = 'answer' in said ? written(said.answer) : said.unsupported;
      if (got !== written(expectedOf(item))) wrong.push(`${item.expression}: ${got}`);
    }
    expect(wrong).toEqual([]);
  });
});
