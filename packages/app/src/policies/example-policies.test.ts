import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testPolicy, untestedRules } from '@breakwater/engine/policy/cases';
import { expect, it, onTestFinished } from 'vitest';
import { dryRun } from './dry-run.ts';
import { withJudgement } from './open-judgement.ts';
import { reviewExceptions } from './review-exceptions.ts';

const EXAMPLES = join(import.meta.dirname, '../../../../examples');

it('the example policies keep their cases, and do for the example estate what its guide says', async () => {
  const state = mkdtempSync(join(tmpdir(), 'breakwater-examples-'));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const options = { state, now: '2026-11-22T12:00:00Z', policies: [join(EXAMPLES, 'policies')] };
  await withJudgement([join(EXAMPLES, 'estate/k8s')], options, (judgement) => {
    expect(judgement.unknowns.filter(({ place }) => place.source.includes('policies'))).toEqual([]);
    const theirs = judgement.all.filter(({ place }) => place.source.includes('examples'));
    expect(theirs.flatMap(testPolicy).map(({ passed }) => passed)).toEqual([true, true, true]);
    expect(theirs.flatMap(untestedRules)).toEqual([]);
    expect(reviewExceptions(judgement, 30, true).exceptions).toMatchObject([{ state: 'in-force' }]);
    const refused = dryRun(judgement, { phase: 'deploy', raise: [] }).teams.filter((team) => team.refused > 0);
    expect(
      refused.flatMap(({ policies }) => policies.filter(({ enforcement }) => enforcement === 'block')),
    ).toMatchObject([
      { policy: 'no-runtime-socket', failing: 1, results: [{ subject: 'default/platform/DaemonSet/node-metrics' }] },
    ]);
  });
});
