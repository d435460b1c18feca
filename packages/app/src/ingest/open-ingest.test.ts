import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { openDetection } from '../detection/index.ts';
import { AddressBook, openEventJudge } from '../incidents/index.ts';
import type { Batch, IngestStore } from './kept/index.ts';
import { type Ingest, openIngest } from './open-ingest.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const line = (path: string) =>
  JSON.stringify({
    source: 'sensor',
    time: '2026-11-22T11:59:00.000Z',
    type: 'exec',
    node: 'n1',
    container: { id: 'c1', name: 'web', image: 'shop/web:1' },
    process: { path, arguments: '' },
  });

let ingest: Ingest | undefined;
afterEach(async () => await ingest?.close());

/** A place for batches that is away as often as is said. */
function open(timesAway = 0): { take(text: string): Promise<unknown>; batches: Batch[] } {
  const batches: Batch[] = [];
  let away = timesAway;
  const store = {
    countOtherSensors: async () => 0,
    compact: async () => 0,
    async commit(batch: Batch) {
      if (away-- > 0) throw new Error('away');
      batches.push(batch);
      return { isNew: true, stored: [] };
    },
  } as Partial<IngestStore> as IngestStore;
  const opened = openIngest(
    store,
    () => NOW,
    () => {},
  );
  ingest = opened;
  return { batches, take: async (text) => await opened.take({ key: 'k', sender: 'east', sensor: 's', text }) };
}

describe('ingest', () => {
  it('tells of what is new once, and again where it could not be stored', async () => {
    const { take, batches } = open(1);
    await expect(take(line('/bin/a'))).rejects.toThrow('away');
    await take(line('/bin/a'));
    await take(line('/bin/a'));
    expect(batches.map(({ isNews }) => isNews)).toEqual([true, false]);
  });

  it('tells the alerts of a batch that came again while it was not stored', { timeout: 60_000 }, async () => {
    const state = mkdtempSync(join(tmpdir(), 'breakwater-open-ingest-'));
    const detection = await openDetection({ state, now: new Date(NOW).toISOString(), policies: [] });
    const judge = openEventJudge({
      detection,
      addresses: new AddressBook(),
      concerns: () => false,
      exceptions: async () => [],
    });
    const told: Batch[] = [];
    let isAway = true;
    const store: Partial<IngestStore> = {
      countOtherSensors: async () => 0,
      compact: async () => 0,
      async commit(batch) {
        const fails = isAway;
        isAway = false;
        await setTimeout(fails ? 50 : 1);
        if (fails) throw new Error('away');
        told.push(batch);
        return { isNew: true, stored: [] };
      },
    };
    ingest = openIngest(
      store as IngestStore,
      () => NOW,
      () => {},
      judge,
    );
    const dropped = line('/tmp/x').replace('"arguments":""', '"arguments":"","inImage":false');
    const sent = { key: 'k', sender: 'east', sensor: 's', sequence: 7, text: dropped };
    const both = await Promise.allSettled([ingest.take(sent), ingest.take(sent)]);
    rmSync(state, { recursive: true });
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(told[0]?.signs?.map(({ event }) => event.alert?.rule)).toEqual(['dropped-binary']);
  });

  it('counts what it does not keep of one batch as lost, and marks who told it', async () => {
    const { take, batches } = open();
    const stopped = line('/tmp/x').replace('"type"', '"prevention":"stopped","type"');
    await take(Array.from({ length: 1_010 }, () => stopped).join('\n'));
    await take(line('/bin/a'));
    expect(batches.map(({ lost, delta }) => [delta.alerts.length, lost, delta.reporters[0]?.lossy])).toEqual([
      [1_000, 10, true],
      [0, 0, false],
    ]);
  });
});
