import { afterEach, describe, expect, it } from 'vitest';
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
