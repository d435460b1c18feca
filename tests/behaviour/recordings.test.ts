import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeRecordings } from './judge/judge-recordings.ts';
import { RECORDINGS } from './places.ts';
import { readTrace } from './trace/read-trace.ts';

const KEPT = existsSync(RECORDINGS) ? readdirSync(RECORDINGS).map((name) => join(RECORDINGS, name)) : [];
const MOST_BYTES = 6 * 1024 * 1024;

describe.skipIf(KEPT.length === 0)(`kept recordings${KEPT.length === 0 ? ' (left out: none is kept)' : ''}`, () => {
  it('are small enough to be kept', () => {
    expect(KEPT.reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThan(MOST_BYTES);
  });

  it('are followed by the model of behaviour with fewer false alerts than an allow-list, and without a false block', async () => {
    const judged = await judgeRecordings(KEPT.map((path) => ({ name: path, trace: readTrace(path) })));
    for (const { verdict } of judged) {
      const by = new Map(verdict.outcomes.map((outcome) => [outcome.watcher.name, outcome]));
      const learned = by.get('model of behaviour')!;
      const list = by.get('allow-list after 60 minutes')!;
      expect(learned.falseAlerts.length).toBeLessThan(Math.max(1, list.falseAlerts.length));
      expect(learned.falseBlocks.map(({ text }) => text)).toEqual([]);
    }
  });

  it('have attacks in them, of which the model of behaviour misses next to none that an event shows', async () => {
    for (const { verdict } of await judgeRecordings(KEPT.map((path) => ({ name: path, trace: readTrace(path) })))) {
      const shown = verdict.attacks.filter(({ isShown }) => isShown);
      const found = shown.filter(({ detected }) => detected.has('model of behaviour and rules, high and critical'));
      expect(shown.length).toBeGreaterThan(100);
      expect(found.length / shown.length).toBeGreaterThan(0.95);
    }
  });
});
