import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpstreamError } from '@breakwater/model';
import type { ClusterApi } from '@breakwater/outputs/responses';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openJournal } from './journal.ts';
import { type RespondContext, requestResponse, undoResponse } from './respond.ts';
import { RespondSettings } from './settings.ts';

/** An API server with one node, which is away at times. */
class OneNode implements ClusterApi {
  readonly name = 'east';
  isAway = false;
  isClosed = false;

  async ask(method: string, _path: string, body?: object) {
    if (this.isAway) throw new UpstreamError('east does not answer.', { code: 'cluster-unreachable' });
    if (method === 'PATCH') this.isClosed = (body as { value: boolean }[])[1]!.value;
    const metadata = { name: 'node-1', uid: 'u1', resourceVersion: '1', labels: {} };
    return { status: 200, body: { metadata, spec: { unschedulable: this.isClosed } } };
  }
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-undo-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('writes down that something could not be taken back, and lets it be tried again', async () => {
  const cluster = new OneNode();
  const context: RespondContext = {
    ports: { cluster, folder, now: () => new Date('2026-11-22T10:00:00Z') },
    settings: RespondSettings.parse({}),
    journal: openJournal(folder),
    newId: () => 'R1',
  };
  const request = { response: 'cordon', config: { node: 'node-1' }, who: 'alice', reason: 'a shell on it' };
  await requestResponse(request, context);
  expect(cluster.isClosed).toBe(true);
  const why = { who: 'bob', reason: 'a false alarm' };
  cluster.isAway = true;
  await expect(undoResponse('R1', why, context)).rejects.toThrow('east does not answer');
  const steps = () => context.journal.entries().map(({ step, who, said }) => [step, who, said.join(' ')]);
  expect(steps().slice(2)).toEqual([
    ['undoing', 'bob', ''],
    ['undo-failed', 'bob', 'east does not answer.'],
  ]);
  cluster.isAway = false;
  expect((await undoResponse('R1', why, context)).step).toBe('undone');
  expect(cluster.isClosed).toBe(false);
  expect(steps().map(([step]) => step)).toEqual(['begun', 'done', 'undoing', 'undo-failed', 'undoing', 'undone']);
  await expect(undoResponse('R1', why, context)).rejects.toThrow('cannot be undone');
});
