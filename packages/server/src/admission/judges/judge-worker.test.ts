import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DEFAULT_SETTINGS } from '@breakwater/app/admission';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { JudgeWorker } from './judge-worker.ts';
import type { FoundReview, JudgeSetup, Opened } from './messages.ts';
import { openQueues } from './queues.ts';
import type { Task } from './task.ts';

let state: string;
const workers: JudgeWorker[] = [];
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'breakwater-judge-'));
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.close()));
  rmSync(state, { recursive: true, force: true });
});

const good = (): JudgeSetup => ({
  sources: { state, policies: [] },
  settings: DEFAULT_SETTINGS,
  asks: false,
  lastGood: undefined,
});
/** With it a thread dies before it is ready. */
const deadly = {} as JudgeSetup;

function task(id: number, body: string): Task & { found: Promise<FoundReview> } {
  let [resolve, reject]: [Task['resolve'], Task['reject']] = [() => {}, () => {}];
  const found = new Promise<FoundReview>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  return { id, body, answers: undefined, isLarge: false, tries: 0, resolve, reject, found };
}

describe('a thread that judges', () => {
  it('is started again when it dies while it starts, and then judges', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    onTestFinished(() => void vi.restoreAllMocks());
    const setups = [deadly, deadly, good()];
    const lost: string[] = [];
    const restarted = Promise.withResolvers<Opened>();
    const worker = new JudgeWorker(
      () => setups.shift() ?? good(),
      { onFree() {}, onRestart: restarted.resolve, onLost: (_, why) => void lost.push(why) },
      256,
    );
    workers.push(worker);
    await expect(worker.start()).rejects.toThrow('broke down');
    expect(worker.isReady).toBe(false);
    expect((await restarted.promise).summary.watched.length).toBeGreaterThan(0);
    expect(worker.isReady).toBe(true);
    expect(lost).toHaveLength(2);
    expect(setups).toHaveLength(0);
  });

  it('hands back what it did not come to when it is ended at something that takes too long', async () => {
    const lost: (readonly Task[])[] = [];
    const events = { onFree() {}, onRestart() {}, onLost: (tasks: readonly Task[]) => void lost.push(tasks) };
    const worker = new JudgeWorker(good, events, 1_024);
    workers.push(worker);
    await worker.start();
    // Seconds of work, and a small one behind it.
    const slow = task(1, `{"a":${'['.repeat(5_000_000)}${']'.repeat(5_000_000)}}`);
    const next = task(2, '{}');
    worker.judge(slow);
    worker.judge(next);
    worker.endStuck(60_000);
    expect(lost).toEqual([]);
    await wait(5);
    worker.endStuck(0);
    expect(lost).toEqual([[slow, next]]);
    expect([worker.isReady, worker.load]).toEqual([false, 0]);
  });

  it('is given no more while it is held up and another one is free', async () => {
    const events = { onFree() {}, onRestart() {}, onLost() {} };
    const [first, second] = [new JudgeWorker(good, events, 1_024), new JudgeWorker(good, events, 1_024)];
    workers.push(first, second);
    await Promise.all([first.start(), second.start()]);
    const queues = openQueues([first, second]);
    first.judge(task(1, `{"a":${'['.repeat(5_000_000)}${']'.repeat(5_000_000)}}`));
    first.judge(task(2, '{}'));
    await vi.waitUntil(() => first.isLate);
    const next = task(3, '{}');
    queues.add(next);
    expect([first.load, second.load]).toEqual([2, 1]);
    expect(await next.found).toHaveProperty('fault');
    expect(second.isLate).toBe(false);
  });
});
