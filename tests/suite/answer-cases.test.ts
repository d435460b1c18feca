import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answerCases } from './answer-cases.ts';
import type { Suite } from './suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-answer-cases-'));
writeFileSync(join(folder, 'cases.jsonl'), '{"id":"x/1","word":"a","op":"<"}\nno case\n\n{"id":"x/2","word":"boom"}\n');

async function answer(suite: Suite | undefined) {
  const file = join(folder, 'answers.jsonl');
  const count = await answerCases('words', suite, folder, file);
  return {
    count,
    lines: readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

it('shows a suite only the fields it reads, and turns its failure into "unsupported"', async () => {
  const { count, lines } = await answer({
    name: 'words',
    reads: ['word'],
    answer(fields) {
      if (fields['word'] === 'boom') throw new Error('no such word');
      return { answer: fields };
    },
  });
  expect(lines).toEqual([
    { id: 'x/1', answer: { word: 'a' } },
    { id: 'x/2', unsupported: 'failed: no such word' },
  ]);
  expect(count).toEqual({ cases: 2, answered: 1, broken: 1 });
});

it('answers every case of a suite that nobody wrote with "unsupported"', async () => {
  const { lines } = await answer(undefined);
  expect(lines.map((line) => line.unsupported)).toEqual(Array(2).fill('the suite words cannot be answered'));
});
