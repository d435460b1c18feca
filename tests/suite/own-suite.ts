import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, Suite } from './suite.ts';

type OwnSuite = NonNullable<Suite['own']>;

const linesOf = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** Writes the cases of a suite that comes from a package into a folder, and says what is left out; gives the folder. */
export function writeOwnCases(name: string, { cases }: OwnSuite, wanted?: string): string {
  const folder = wanted ?? mkdtempSync(join(tmpdir(), `breakwater-${name}-`));
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  const written = cases();
  writeFileSync(join(folder, 'cases.jsonl'), written.cases.map((item) => `${JSON.stringify(item)}\n`).join(''));
  console.error(`${name}: ${written.note}`);
  return folder;
}

/** Judges the answers of such a suite and prints what is wrong, as the judge of the other suites does. */
export function judgeOwnCases({ judge }: OwnSuite, folder: string, answers: string): void {
  const said = new Map(linesOf(answers).map((line) => [line['id'], line as unknown as Answer]));
  let failed = 0;
  const cases = linesOf(join(folder, 'cases.jsonl'));
  for (const item of cases) {
    const problem = judge(item, said.get(item['id']) ?? { unsupported: 'there is no answer' });
    if (problem === undefined) continue;
    failed++;
    console.log(`${item['id']}: ${problem}`);
  }
  console.log(`${cases.length - failed} passed, ${failed} failed`);
}
