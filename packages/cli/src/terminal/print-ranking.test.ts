import { stripVTControlCharacters } from 'node:util';
import { exampleAssessment } from '@breakwater/app/testing';
import type { RankedFix, Ranking } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { formatPoints, rankingLines } from './print-ranking.ts';

const WHY = `is reachable from the Internet through ingress shop, runs log4j-core 2.14.1 (CVE-2021-44228, known exploited) and ${'opens the way to much more '.repeat(4)}there.`;

const fix: RankedFix = {
  n: 1,
  id: 'f',
  title: `Take service account ${'very-long-name-'.repeat(4)} out of ClusterRoleBinding of many words that go on for long`,
  detail: '',
  lossRemoved: 118.4,
  lossRemovedTogether: 118.4,
  files: ['k8s/cart.yaml'],
  afterRebuild: true,
  workloads: [],
};

function ranking(names: string[], change: Partial<Ranking> = {}): Ranking {
  const { ranking } = exampleAssessment('2026-01-01T00:00:00Z', names, []);
  const workloads = ranking.workloads.map((workload) => ({ ...workload, why: WHY, fixes: [1] }));
  return { ...ranking, workloads, fixes: [fix], ...change };
}

const shown = (value: Ranking, width: number, top = 10) =>
  rankingLines(value, top, width).map(stripVTControlCharacters);

describe('rankingLines', () => {
  it.each([100, 80, 60, 40])('keeps to %i columns, words and numbers whole', (width) => {
    const lines = shown(ranking(['cart', 'a-name-that-is-longer-than-any-column-for-names-is']), width);
    // Only what cannot be broken may be longer.
    const long = lines.filter((line) => line.length > width && !/very-long-name|a-name-that-is-longer/.test(line));
    expect(long).toEqual([]);
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(WHY.replace(/\s+/g, ' '));
    expect(lines.some((line) => line.includes('-118'))).toBe(true);
  });

  it('has one line for the sentence and one for the fix where the output is no terminal', () => {
    const lines = shown(ranking(['cart']), Number.POSITIVE_INFINITY);
    expect(lines[0]).toBe(`  1  shop/cart  100   ${WHY} (0 to 100, as what is unknown turns out)`);
    expect(lines[1]).toMatch(/^ {22}fix 1 {2}Take .* \(after rebuild\) {2}-118$/);
  });

  it('says how many are not shown, what is not decided and what to do next', () => {
    const unknowns = [{ code: 'x', message: 'm', place: { source: 's' } }];
    const text = shown(ranking(['a', 'b', 'c'], { unknowns }), 100, 1).join('\n');
    expect(text).toContain('3 workloads (2 more not shown), expected loss 3 of 100.');
    expect(text).toContain('Not decided: 1 fact could not be had (breakwater explain unknown).');
    expect(text).toContain('Next: breakwater fix 1 | git apply');
  });

  it('offers no patch where no file can carry one', () => {
    expect(shown(ranking(['a'], { fixes: [{ ...fix, files: [] }] }), 100).join('\n')).not.toContain('git apply');
  });

  it('does not let names move the cursor', () => {
    expect(shown(ranking(['a\u001b[2Jb']), 100).join('')).not.toContain('\u001b');
  });
});

describe('formatPoints', () => {
  it.each([
    [1243.4, '1,243'],
    [10, '10'],
    [9.96, '10'],
    [0.04, '0'],
    [2.25, '2.3'],
  ])('writes %d as %s', (points, text) => {
    expect(formatPoints(points)).toBe(text);
  });
});
