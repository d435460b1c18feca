import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { matchingMinidbSuite } from './matching-minidb.ts';

const SUITES = join(import.meta.dirname, '..', '..', '..', 'shared', 'suites');
const FOLDER = join(SUITES, 'matching-minidb');
const MISSING = !existsSync(join(FOLDER, 'cases.jsonl'));

type Case = Record<string, unknown> & { id: string; source: string };
interface Judge {
  judge(
    item: Case,
    answer: unknown,
    context: { file(path: string): string; count(): void },
  ): readonly string[] | undefined;
}

const cases: Case[] = MISSING
  ? []
  : readFileSync(join(FOLDER, 'cases.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

/** Cases of one source that are answered right, by the suite's own judge, and the others by their id. */
async function judgeCases(source: string): Promise<{ right: number; wrong: string[] }> {
  const { judge } = (await import(pathToFileURL(join(SUITES, 'judging', 'matching-minidb.mjs')).href)) as Judge;
  const context = { file: (path: string) => join(FOLDER, path), count: () => {} };
  const wrong: string[] = [];
  const asked = cases.filter((item) => item.source === source);
  for (const item of asked) {
    const seen = matchingMinidbSuite.reads.map((field) => [field, item[field]] as const);
    const fields = Object.fromEntries(seen.filter(([, value]) => value !== undefined));
    const said = await matchingMinidbSuite.answer(fields, FOLDER);
    if (!('answer' in said) || judge(item, said.answer, context) !== undefined) wrong.push(item.id.split('/').at(-1)!);
  }
  return { right: asked.length - wrong.length, wrong: wrong.sort() };
}

describe.skipIf(MISSING)('conformance: the suite `matching-minidb` (skipped where ../shared/suites is absent)', () => {
  it('finds in each package what its advisories say, and nothing else', async () => {
    expect(await judgeCases('grype')).toEqual({ right: 45, wrong: [] });
  });

  it('finds in lock files and SBOMs what the databases say, and lists their packages', async () => {
    expect(await judgeCases('trivy')).toEqual({ right: 22, wrong: [] });
  });
});
