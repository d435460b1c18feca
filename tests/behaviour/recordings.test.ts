import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { judgeRecordings } from './judge/judge-recordings.ts';
import type { Judged } from './judge/table.ts';
import { RECORDINGS } from './places.ts';
import { readTrace } from './trace/read-trace.ts';

const KEPT = existsSync(RECORDINGS) ? readdirSync(RECORDINGS).map((name) => join(RECORDINGS, name)) : [];
const MOST_FALSE_BLOCKS_AN_HOUR = 0.02;
const MOST_BYTES = 6 * 1024 * 1024;

describe.skipIf(KEPT.length === 0)(`kept recordings${KEPT.length === 0 ? ' (left out: none is kept)' : ''}`, () => {
  let judged: Judged;
  beforeAll(async () => {
    judged = await judgeRecordings(KEPT.map(readTrace));
  });

  it('are small enough to be kept', () => {
    expect(KEPT.reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThan(MOST_BYTES);
  });

  it('are followed by the model of behaviour with far fewer false alerts than by an allow-list, and hardly a false block', () => {
    const { outcomes, containerHours } = judged.verdict;
    const by = new Map(outcomes.map((outcome) => [outcome.watcher.name, outcome]));
    const learned = by.get('model of behaviour')!;
    const list = by.get('allow-list after 60 minutes')!;
    expect(10 * learned.falseAlerts.length).toBeLessThan(10 + list.falseAlerts.length);
    expect(learned.falseBlocks.length / containerHours).toBeLessThan(MOST_FALSE_BLOCKS_AN_HOUR);
  });

  it('have attacks in them, of which the model of behaviour misses next to none that an event shows', () => {
    const shown = judged.verdict.attacks.filter(({ isShown }) => isShown);
    const found = shown.filter(({ detected }) => detected.has('model of behaviour and rules, high and critical'));
    expect(shown.length).toBeGreaterThan(100);
    expect(found.length / shown.length).toBeGreaterThan(0.95);
  });
});
