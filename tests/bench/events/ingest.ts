import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BehaviourMemory, EventFolder, issueSensorKey, openIngest } from '@breakwater/app/ingest';
import type { RuntimeEvent } from '@breakwater/model';
import { openEventsDesk } from '@breakwater/server/ingest';
import { openStore } from '@breakwater/store';
import { tetragonLine } from './tetragon-line.ts';

/** Events of one request. */
const BATCH = 2_500;

/** Events per second of CPU through the server's own path, into SQLite; the best of some rounds. */
export async function measureIngest(folder: string, events: number, packed: boolean, rounds: number): Promise<number> {
  let best = 0;
  for (let round = 0; round < rounds; round += 1) best = Math.max(best, await measure(folder, events / BATCH, packed));
  return Math.round(best);
}

async function measure(folder: string, batches: number, packed: boolean): Promise<number> {
  const store = await openStore({ path: join(folder, `${randomUUID()}.sqlite`) });
  const { text, key } = issueSensorKey('bench', new Date().toISOString());
  await store.ingest.addKey(key);
  const ingest = openIngest(store.ingest, Date.now, (line) => console.error(line));
  const desk = openEventsDesk({ ingest, keys: store.ingest, perSecond: 1e9, now: Date.now, report: console.error });
  let spent = 0;
  const spend = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = process.cpuUsage();
    const result = await work();
    const { user, system } = process.cpuUsage(before);
    spent += user + system;
    return result;
  };
  for (let batch = 0; batch < batches; batch += 1) {
    const headers = {
      authorization: `Bearer ${text}`,
      'breakwater-sensor': 'bench',
      'breakwater-sequence': String(batch + 1),
      ...(packed && { 'content-encoding': 'gzip' }),
    };
    // Made one by one and not counted: what a sender needs is its own.
    const body = bodyOf(batch, packed);
    const { status, body: answer } = await spend(() => desk.answer({ headers, body }));
    if (status !== 200) throw new Error(answer);
  }
  await spend(() => ingest.close());
  const [sensor] = await store.ingest.sensors();
  if (sensor?.events !== batches * BATCH) throw new Error(`${sensor?.events} events stored`);
  await store.close();
  return (batches * BATCH * 1e6) / spent;
}

function bodyOf(batch: number, packed: boolean): Buffer {
  const lines = Array.from({ length: BATCH }, (_, index) => `${tetragonLine(batch * BATCH + index)}\n`).join('');
  return packed ? gzipSync(lines, { level: 1 }) : Buffer.from(lines);
}

/** Microseconds of CPU for one event whose behaviour is known already, and for one that is new. */
export function measureProfile(): { known: number; fresh: number } {
  const events = (of: (index: number) => string): RuntimeEvent[] =>
    Array.from({ length: 100_000 }, (_, index) => ({
      source: 'sensor',
      time: '2026-01-01T00:00:00.000Z',
      type: 'exec',
      container: { name: 'web', image: 'shop/web:1' },
      process: { path: of(index), arguments: '' },
      parent: { path: '/bin/sh', arguments: '' },
    }));
  const cost = (list: readonly RuntimeEvent[]): number => {
    const remembered = new BehaviourMemory();
    const before = process.cpuUsage();
    for (let start = 0; start < list.length; start += BATCH) {
      const folder = new EventFolder('2026-01-01T00:00:00.000Z', remembered);
      for (const event of list.slice(start, start + BATCH)) folder.add(event);
      folder.end();
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / list.length;
  };
  const known = events((index) => `/usr/bin/tool-${index % 40}`);
  const fresh = events((index) => `/usr/bin/tool-${index}`);
  return { known: Math.min(cost(known), cost(known), cost(known)), fresh: Math.min(cost(fresh), cost(fresh)) };
}
