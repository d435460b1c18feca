import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from './unified-diff.ts';

/** Applies a unified diff by the book: every context and removed line has to be where the hunk says. */
function applyDiff(before: string, diff: string): string {
  const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let at = 0;
  const lines = diff.match(/[^\n]*\n/g) ?? [];
  for (const [index, line] of lines.slice(2).entries()) {
    const hunk = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@\n$/.exec(line);
    if (hunk !== null) {
      const start = Number(hunk[2]) === 0 ? Number(hunk[1]) : Number(hunk[1]) - 1;
      result.push(...old.slice(at, start));
      at = start;
      expect(result.length + 1).toBe(Number(hunk[3]) + (Number(hunk[4]) === 0 ? 1 : 0));
    } else if (!line.startsWith('\\')) {
      const unbroken = lines[index + 3]?.startsWith('\\') === true;
      const content = unbroken ? line.slice(1, -1) : line.slice(1);
      if (!line.startsWith('+')) expect(old[at++]).toBe(content);
      if (!line.startsWith('-')) result.push(content);
    }
  }
  return [...result, ...old.slice(at)].join('');
}

describe('unifiedDiff', () => {
  const text = fc
    .array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', '-x\n', '+\n'), { maxLength: 30 })
    .map((lines) => lines.join(''));
  const ending = fc.constantFrom('', 'end', ' ');

  it('turns what was into what is, for any two texts', () => {
    fc.assert(
      fc.property(text, ending, text, ending, (before, beforeEnd, after, afterEnd) => {
        const diff = unifiedDiff({ path: 'f', before: before + beforeEnd, after: after + afterEnd });
        if (before + beforeEnd === after + afterEnd) expect(diff).toBe('');
        else expect(applyDiff(before + beforeEnd, diff)).toBe(after + afterEnd);
      }),
      { numRuns: 2000 },
    );
  });

  it('shows three lines of context and no more', () => {
    const lines = Array.from({ length: 20 }, (_, at) => `line ${at}\n`);
    const after = lines.with(10, 'changed\n').join('');
    expect(unifiedDiff({ path: 'a/b.yaml', before: lines.join(''), after })).toBe(
      '--- a/a/b.yaml\n+++ b/a/b.yaml\n@@ -8,7 +8,7 @@\n line 7\n line 8\n line 9\n-line 10\n+changed\n line 11\n line 12\n line 13\n',
    );
  });

  it('says that a file is new', () => {
    expect(unifiedDiff({ path: 'n.yaml', before: undefined, after: 'a: 1\n' })).toBe(
      '--- /dev/null\n+++ b/n.yaml\n@@ -0,0 +1,1 @@\n+a: 1\n',
    );
  });

  it('answers soon for files that have nothing in common', () => {
    const before = Array.from({ length: 20_000 }, (_, at) => `a${at}\n`).join('');
    const after = Array.from({ length: 20_000 }, (_, at) => `b${at}\n`).join('');
    const diff = unifiedDiff({ path: 'f', before, after });
    expect(applyDiff(before, diff)).toBe(after);
  });
});
