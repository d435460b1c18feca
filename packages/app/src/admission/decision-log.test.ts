import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdmissionDecision } from '@breakwater/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { admissionView } from './admission-view.ts';
import { decisionLine, decisionLogPath, openDecisionLog, readDecisions } from './decision-log.ts';
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
    const log = openDecisionLog(path, () => {});
    for (const uid of ['1', '2', '3']) log.add(decisionLine(decision(uid)));
    await log.flush();
    appendFileSync(path, '{"time":"2026');
    const kept = await readDecisions(path);
    expect(kept.map(({ uid }) => uid)).toEqual(['3', '2', '1']);
  });

  it('stays small however much is decided', async () => {
    const path = decisionLogPath(state);
    const log = openDecisionLog(path, () => {});
    const long = { ...decision('long'), name: 'x'.repeat(1_000) };
    for (let round = 0; round < 12; round++) {
      for (let count = 0; count < 1_000; count++) log.add(decisionLine(long));
      await log.flush();
    }
    const kept = await readDecisions(path);
    expect(kept.length * 1_200).toBeLessThan(12 * 1024 * 1024);
    expect(kept.length).toBeGreaterThan(3_000);
  });

  it('says once where it cannot be written, and goes on', async () => {
    const path = join(state, 'file', 'decisions.jsonl');
    writeFileSync(join(state, 'file'), 'in the way');
    const reports: string[] = [];
    const log = openDecisionLog(path, (message) => reports.push(message));
    for (const uid of ['1', '2']) {
      log.add(decisionLine(decision(uid)));
      await log.flush();
    }
    expect(reports).toEqual([expect.stringContaining('Decisions cannot be kept')]);
  });
});

describe('admissionView', () => {
  it('shows what was decided and which snapshot is in force', async () => {
    expect(await admissionView(state)).toEqual({ decisions: [] });
    const version = await writeSnapshot(snapshotPath(state), emptySnapshot('2026-01-01T00:00:00Z'));
    const log = openDecisionLog(decisionLogPath(state), () => {});
    log.add(decisionLine(decision('1')));
    await log.flush();
    expect(await admissionView(state)).toEqual({
      decisions: [decision('1')],
      snapshot: { version, time: '2026-01-01T00:00:00Z' },
    });
  });
});
