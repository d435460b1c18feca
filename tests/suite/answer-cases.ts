import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import type { Answer, Suite } from './suite.ts';

/** How many cases were read, answered, and lines that hold no case. */
export interface AnswerCount {
  cases: number;
  answered: number;
  broken: number;
}

/**
 * Answers `cases.jsonl` of a folder into a file, one line a case, holding one case at a time. Without a suite every
 * case is `unsupported`. A case sees nothing but the fields that its suite reads.
 */
export async function answerCases(
  name: string,
  suite: Suite | undefined,
  folder: string,
  file: string,
): Promise<AnswerCount> {
  const count: AnswerCount = { cases: 0, answered: 0, broken: 0 };
  const output = createWriteStream(file);
  const lines = createInterface({
    input: createReadStream(join(folder, 'cases.jsonl')),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const item = parseCase(line);
    if (item === undefined) {
      count.broken++;
      continue;
    }
    const answer = await answerCase(name, suite, item, folder);
    count.cases++;
    if ('answer' in answer) count.answered++;
    if (!output.write(`${JSON.stringify({ id: item['id'], ...answer })}\n`)) await once(output, 'drain');
  }
  output.end();
  await finished(output);
  return count;
}

function parseCase(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isCase = typeof value === 'object' && value !== null && 'id' in value;
    return isCase ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

async function answerCase(
  name: string,
  suite: Suite | undefined,
  item: Record<string, unknown>,
  folder: string,
): Promise<Answer> {
  if (suite === undefined) return { unsupported: `the suite ${name} cannot be answered` };
  const seen = suite.reads.flatMap((field) => (Object.hasOwn(item, field) ? [[field, item[field]] as const] : []));
  try {
    return await suite.answer(Object.fromEntries(seen), folder);
  } catch (error) {
    return { unsupported: `failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}
