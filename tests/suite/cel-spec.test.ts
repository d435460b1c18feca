import { describe, expect, it } from 'vitest';
import { specCases } from './cel-spec/cases.ts';
import { celSpecSuite, judgeSpecCase } from './cel-spec.ts';

/** Nothing but the fields that the suite reads reaches the answer. */
const answer = async (item: object) => {
  const seen = Object.entries(item).filter(([field]) => celSpecSuite.reads.includes(field));
  return celSpecSuite.answer(Object.fromEntries(seen), '');
};

describe("conformance: the specification's tests of CEL", () => {
  const { cases, leftOut, all } = specCases();

  it('leaves out only what needs messages of protobuf', () => {
    console.info(`cel-spec: ${cases.length} of ${all} tests, ${leftOut} need messages of protobuf`);
    expect(leftOut).toBeLessThan(0.32 * all);
  });

  it('is right in at least 98 % of the rest', async () => {
    const wrong: string[] = [];
    for (const item of cases) {
      const problem = judgeSpecCase(item, await answer(item));
      if (problem !== undefined) wrong.push(`${item.id}: ${item.expression} -> ${problem}`);
    }
    console.info(`cel-spec: ${cases.length - wrong.length} of ${cases.length} right\n${wrong.join('\n')}`);
    expect(wrong.length).toBeLessThanOrEqual(0.02 * cases.length);
  });
});
