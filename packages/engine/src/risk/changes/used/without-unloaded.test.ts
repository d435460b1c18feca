import type { ComponentEvidence, Dockerfile } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { deployment, estate, flaw, loaded, service } from '../../estate.fixture.ts';
import { buildAttackGraph, type EstateFacts } from '../../graph/index.ts';
import { rank } from '../../rank.ts';
import { applyProposals } from '../apply-change.ts';
import { type Proposal, proposeChanges } from '../index.ts';

const unseen: ComponentEvidence = { state: 'not-seen', observedDays: 12, reason: 'not run or loaded' };
const unsure: ComponentEvidence = { state: 'cannot-tell', observedDays: 12, reason: 'runtime events were lost' };
const known = { exploitation: { ransomware: false, epss: 0.97, knownExploitedSince: '2021-12-10' } };
const instructions = (...lines: [string, string][]): Dockerfile['instructions'] =>
  lines.map(([keyword, value], at) => ({ line: at * 10 + 1, keyword, value }));
const RECIPE = instructions(
  ['FROM', 'debian:12'],
  [
    'RUN',
    'apt-get update && apt-get install -y --no-install-recommends curl=7.88 nginx python3 && rm -rf /var/lib/apt/lists/*',
  ],
  ['USER', '101'],
  ['CMD', 'nginx'],
);

/** An image with a flaw in each of these packages, and what was seen of them. */
function factsOf(seen: Record<string, ComponentEvidence>, recipe?: Dockerfile['instructions']): EstateFacts {
  const flaws = Object.keys(seen).map((name, at) => flaw(`CVE-2021-${at}`, name, known));
  const evidence = Object.fromEntries(flaws.map(({ component, componentName }) => [component, seen[componentName]!]));
  const facts = estate([deployment('shop', 'web'), service('shop', 'web', 'LoadBalancer')], {
    web: { flaws, evidence },
  });
  if (recipe === undefined) return facts;
  const file: Dockerfile = { path: 'web/Dockerfile', exposedPorts: [], instructions: recipe };
  return { ...facts, dockerfiles: new Map([['registry.example/web:1', file]]) };
}
const proposalsOf = (facts: EstateFacts): Proposal[] =>
  proposeChanges(facts, buildAttackGraph(facts).graph).filter(({ change }) =>
    change.id.startsWith('without-unloaded:'),
  );

describe('packages that nothing loaded', () => {
  it('go by a line behind the one that asks for them, while the user may', () => {
    const [found] = proposalsOf(factsOf({ curl: unseen, nginx: loaded, perl: unseen }, RECIPE));
    expect(found?.change.edits).toEqual([
      {
        ...{ target: 'text', path: 'web/Dockerfile', line: 20, operation: 'insert-after' },
        lines: ['RUN apt-mark auto curl && apt-get autoremove -y --purge && rm -rf /var/lib/apt/lists/*'],
      },
    ]);
    expect(found?.change.detail).toMatch(/^Watched without loss for 12 days, nothing ran or loaded curl\. /);
  });

  it('lower the loss by what was promised', () => {
    const facts = factsOf({ curl: unseen, nginx: loaded }, RECIPE);
    const options = { time: '2026-11-22T12:00:00Z', worlds: 8192 };
    const before = rank(facts, options);
    const fix = before.ranking.fixes.find(({ id }) => id.startsWith('without-unloaded:'))!;
    const after = rank(applyProposals(facts, proposalsOf(facts)), options);
    expect(before.ranking.loss - after.ranking.loss).toBeCloseTo(fix.lossRemoved, 8);
  });

  it('that no recipe asks for are advice, in words', () => {
    for (const facts of [factsOf({ perl: unseen, nginx: loaded }, RECIPE), factsOf({ curl: unseen, nginx: loaded })]) {
      const [found] = proposalsOf(facts);
      expect(found?.change.edits).toEqual([]);
      expect(found?.change.detail).toContain('Build it in stages');
    }
  });

  it.each<[string, Record<string, ComponentEvidence>]>([
    ['something was lost or not watched', { curl: unsure, nginx: loaded }],
    ['they stand for one that is loaded', { python3: unseen, 'python3.11': loaded }],
    ['what they hold is data', { 'ca-certificates': unseen, nginx: loaded }],
  ])('stay where %s', (_, seen) => {
    expect(proposalsOf(factsOf(seen, RECIPE))).toEqual([]);
  });
});
