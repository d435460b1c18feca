import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { judgeRecordings } from './judge/judge-recordings.ts';
import type { Judged } from './judge/table.ts';
import { RECORDINGS } from './places.ts';
import { readTrace } from './trace/read-trace.ts';

const KEPT = existsSync(RECORDINGS) ? readdirSync(RECORDINGS).map((name) => join(RECORDINGS, name)) : [];
/** Room for what one fault of a recording brings; the figures are in the table. */
const MOST_FALSE_ALERTS_AN_HOUR = 0.02;
const LEAST_FOUND = { settled: 0.99, all: 0.98 };
const MOST_BYTES = 6 * 1024 * 1024;

describe.skipIf(KEPT.length === 0)(`kept recordings${KEPT.length === 0 ? ' (left out: none is kept)' : ''}`, () => {
  let judged: Judged;
  beforeAll(async () => {
    judged = await judgeRecordings(KEPT.map(readTrace));
  });

  it('are small enough to be kept', () => {
    expect(KEPT.reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThan(MOST_BYTES);
  });

  it('are followed by the model of behaviour with far fewer false alerts than by an allow-list, and hardly one where it is settled', () => {
    const { outcomes, containerHours } = judged.verdict;
    const by = new Map(outcomes.map((outcome) => [outcome.watcher.name, outcome]));
    const learned = by.get('model of behaviour')!;
    const list = by.get('allow-list after 60 minutes')!;
    expect(10 * learned.falseAlerts.length).toBeLessThan(10 + list.falseAlerts.length);
    // One thing that nobody explains, and all that comes with it on the same replica, is one incident.
    const incidents = new Set(learned.falseAlerts.flatMap(({ isSure, replica }) => (isSure ? [replica.id] : [])));
    const blocked = new Set(learned.falseBlocks.map(({ replica }) => replica.id));
    expect(incidents.size / containerHours).toBeLessThan(MOST_FALSE_ALERTS_AN_HOUR);
    expect(blocked.size / containerHours).toBeLessThan(MOST_FALSE_ALERTS_AN_HOUR);
  });

  it('have attacks in them, of which the model of behaviour misses next to none that an event shows', () => {
    const shown = judged.verdict.attacks.filter(({ isShown }) => isShown);
    const share = (runs: typeof shown, name: string): number =>
      runs.filter(({ detected }) => detected.has(name)).length / runs.length;
    expect(shown.length).toBeGreaterThan(100);
    expect(share(shown, 'model of behaviour')).toBeGreaterThan(LEAST_FOUND.all);
    expect(share(shown, 'model of behaviour and rules, high and critical')).toBeGreaterThan(LEAST_FOUND.all);
    // Where nothing is settled, what is not grave is learned: rules have to tell of it.
    const settled = new Set(
      judged.learned.settling().flatMap(({ workload, state }) => (state.isSettled ? [workload] : [])),
    );
    const there = shown.filter(({ workload }) => settled.has(workload));
    expect(share(there, 'model of behaviour')).toBeGreaterThan(LEAST_FOUND.settled);
  });

  it('settle most dimensions of most applications, and none by an absence of which nobody tells', () => {
    const states = judged.learned.settling().map(({ state }) => state);
    expect(states.filter(({ isSettled }) => isSettled).length / states.length).toBeGreaterThan(0.6);
    expect(states.filter(({ isSettled, minutes }) => isSettled && minutes === 0)).toEqual([]);
    expect(judged.learned.largestState()).toBeLessThan(2_000_000);
  });
});
