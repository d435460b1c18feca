import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdmissionDecision } from '@breakwater/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { admissionView } from './admission-view.ts';
import { decisionLogPath, openDecisionLog, readDecisions } from './decision-log.ts';
import { emptySnapshot } from './snapshot.fixture.ts';
import { snapshotPath, writeSnapshot } from './snapshot-file.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'breakwater-decisions-'));
});
afterEach(() => rmSync(state, { recursive: true }));

const decision = (uid: string): AdmissionDecision => ({
  time: '2026-01-01T00:00:00Z',
  uid,
  outcome: 'denied',
  operation: 'CREATE',
  kind: 'Pod',
  namespace: 'shop',
  name: 'web',
  user: 'alice',
  reasons: [],
  more: 0,
});

describe('the log of decisions', () => {
  it('is there after a restart, newest first, without lines that were cut', async () => {
    const path = decisionLogPath(state);
    const log = await openDecisionLog(path, () => {});
    for (const uid of ['1', '2', '3']) log.add(decision(uid));
    await log.flush();
    appendFileSync(path, '{"time":"2026');
    const again = await openDecisionLog(path, () => {});
    expect(again.recent().map(({ uid }) => uid)).toEqual(['3', '2', '1']);
  });

  it('stays small however much is decided', async () => {
    const path = decisionLogPath(state);
    const log = await openDecisionLog(path, () => {});
    const long = { ...decision('long'), name: 'x'.repeat(1_000) };
    for (let round = 0; round < 12; round++) {
      for (let count = 0; count < 1_000; count++) log.add(long);
      await log.flush();
    }
    expect(log.recent()).toHaveLength(500);
    const kept = await readDecisions(path);
    expect(kept.length * 1_200).toBeLessThan(12 * 1024 * 1024);
    expect(kept.length).toBeGreaterThan(3_000);
  });

  it('says once where it cannot be written, and goes on in memory', async () => {
    const path = join(state, 'file', 'decisions.jsonl');
    writeFileSync(join(state, 'file'), 'in the way');
    const reports: string[] = [];
    const log = await openDecisionLog(path, (message) => reports.push(message));
    for (const uid of ['1', '2']) {
      log.add(decision(uid));
      await log.flush();
    }
    expect(log.recent()).toHaveLength(2);
    expect(reports).toEqual([expect.stringContaining('Decisions cannot be kept')]);
  });
});

describe('admissionView', () => {
  it('shows what was decided and which snapshot is in force', async () => {
    expect(await admissionView(state)).toEqual({ decisions: [] });
    const version = await writeSnapshot(snapshotPath(state), emptySnapshot('2026-01-01T00:00:00Z'));
    const log = await openDecisionLog(decisionLogPath(state), () => {});
    log.add(decision('1'));
    await log.flush();
    expect(await admissionView(state)).toEqual({
      decisions: [decision('1')],
      snapshot: { version, time: '2026-01-01T00:00:00Z' },
    });
  });
});
