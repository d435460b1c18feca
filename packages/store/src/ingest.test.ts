import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BehaviourMemory, EventFolder, type IngestStore, issueSensorKey } from '@breakwater/app/ingest';
import type { Batch } from '@breakwater/app/ingest/kept';
import { createEvidenceCollector } from '@breakwater/engine/evidence';
import type { RuntimeEvent } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from './open-store.ts';
import { type PostgresqlServer, startPostgresql, whyNoPostgresql } from './testing/postgresql-server.ts';

const NOW = '2026-03-01T00:00:00.000Z';
const at = (minute: number) => new Date(Date.parse('2026-02-01T00:00:00.000Z') + minute * 60_000).toISOString();

function event(minute: number, path: string, more: Partial<RuntimeEvent> = {}): RuntimeEvent {
  return {
    source: 'sensor',
    node: 'n1',
    time: at(minute),
    type: 'exec',
    pod: { namespace: 'shop', name: 'cart-0', workloadKind: 'Deployment', workload: 'cart', labels: {} },
    container: { name: 'web', image: 'shop/cart:1' },
    process: { path, arguments: '' },
    parent: { path: '/bin/sh', arguments: '' },
    ...more,
  };
}

function batchOf(events: RuntimeEvent[], more: Partial<Batch> = {}): Batch {
  const folder = new EventFolder(NOW, new BehaviourMemory());
  for (const each of events) folder.add(structuredClone(each));
  const { delta, lost } = folder.end();
  const counted = { events: events.length, unknowns: 0, lost, skew: 0, isNews: true };
  return { key: 'k', sensor: 's', receivedAt: NOW, ...counted, delta, ...more };
}

function promises(open: (tenant: string) => Promise<{ ingest: IngestStore; close(): Promise<void> }>) {
  let count = 0;
  const fresh = () => open(`ingest-${++count}`);

  it('keeps keys without their secrets, one good one of a name', async () => {
    const store = await fresh();
    const { key, text } = issueSensorKey('east', NOW);
    expect(await store.ingest.addKey(key)).toBe(true);
    expect(await store.ingest.addKey(issueSensorKey('east', NOW).key)).toBe(false);
    const kept = JSON.stringify(await store.ingest.keys());
    expect(kept).toContain(key.id);
    expect(kept).not.toContain(text.split('_').slice(2).join('_'));
    expect(await store.ingest.revokeKey('east', NOW)).toBe(true);
    expect(await store.ingest.revokeKey('east', NOW)).toBe(false);
    expect(await store.ingest.addKey(issueSensorKey('east', NOW).key)).toBe(true);
    expect((await store.ingest.keys()).map(({ revokedAt }) => revokedAt).sort()).toEqual(['', NOW]);
    await store.close();
  });

  it('joins what bears names of any length: a made-up one would else keep all others out', async () => {
    const store = await fresh();
    const long = Array.from({ length: 3000 }, (_, index) =>
      String.fromCharCode(0x4e00 + ((index * 7919) % 20_000)),
    ).join('');
    const named = [
      event(1, '/bin/a', { container: { name: long, image: long }, node: long }),
      event(2, '/bin/a', { container: { name: 'web' }, pod: { namespace: long, name: long, labels: {} } }),
    ];
    await store.ingest.commit(batchOf(named, { sequence: 1 }));
    await store.ingest.commit(batchOf([event(3, '/bin/b')], { sequence: 2 }));
    expect(await store.ingest.compact()).toBe(2);
    expect(await store.ingest.compact()).toBe(0);
    await store.close();
  });

  it('counts a batch once, however often and in whatever order it comes', async () => {
    const store = await fresh();
    const send = (sequence: number, more: Partial<Batch> = {}) =>
      store.ingest.commit(batchOf([event(sequence, '/bin/a')], { sequence, ...more }));
    expect(await send(2)).toEqual({ isNew: true, stored: [[2, 2]] });
    expect(await send(2)).toEqual({ isNew: false, stored: [[2, 2]] });
    expect(await send(1)).toEqual({ isNew: true, stored: [[1, 2]] });
    expect(await send(9, { oldest: 8 })).toEqual({
      isNew: true,
      stored: [
        [1, 7],
        [9, 9],
      ],
    });
    expect((await send(5)).isNew).toBe(false);
    expect((await store.ingest.commit(batchOf([event(1, '/bin/a')], { sensor: 'other', sequence: 1 }))).isNew).toBe(
      true,
    );
    await store.ingest.compact();
    const counts = await store.ingest.sensors();
    expect(
      counts.map(({ sensor, batches, duplicates, events }) => [sensor, batches, duplicates, events]).sort(),
    ).toEqual([
      ['other', 1, 0, 1],
      ['s', 3, 2, 3],
    ]);
    await store.close();
  });

  it('counts it once where it comes several times at the same moment', async () => {
    const store = await fresh();
    const same = Array.from({ length: 6 }, () => store.ingest.commit(batchOf([event(1, '/bin/a')], { sequence: 1 })));
    const different = [2, 3, 4].map((sequence) => store.ingest.commit(batchOf([event(1, '/bin/a')], { sequence })));
    const done = await Promise.all([...same, ...different]);
    expect(done.filter(({ isNew }) => isNew)).toHaveLength(4);
    expect((await store.ingest.sensors())[0]).toMatchObject({ batches: 4, duplicates: 5, stored: [[1, 4]] });
    await store.close();
  });

  it('refuses a batch that leaves out more than is kept in mind, and takes what was left out', async () => {
    const store = await fresh();
    const send = (sequence: number) => store.ingest.commit(batchOf([], { sequence }));
    for (let sequence = 3; sequence < 3 + 2 * 256; sequence += 2) await send(sequence);
    await expect(send(9999)).rejects.toThrow('stretches of batches are missing');
    expect((await send(2)).isNew).toBe(true);
    expect((await store.ingest.sensors())[0]?.batches).toBe(257);
    await store.close();
  });

  it('proves of events that came piece by piece what they prove at once', async () => {
    const store = await fresh();
    const events = [
      event(0, '/bin/a'),
      event(60, '/bin/b', { type: 'open', file: { path: '/usr/lib/b.so', access: 'read' } }),
      event(300, '/bin/c', { container: { image: 'shop/other:1' } }),
      event(600, '/bin/a'),
    ];
    for (const [index, each] of events.entries()) await store.ingest.commit(batchOf([each], { sequence: index + 1 }));
    const whole = createEvidenceCollector();
    for (const each of events) whole.add(each);
    expect((await store.ingest.evidence()).observations).toEqual(whole.observations());
    expect((await store.ingest.evidence()).observations).toEqual(whole.observations());
    await store.close();
  });

  it('keeps of behaviours how often, since when, and who did it first', async () => {
    const store = await fresh();
    await store.ingest.commit(batchOf([event(5, '/bin/a'), event(6, '/bin/a', { count: 40 })], { sequence: 1 }));
    await store.ingest.commit(batchOf([event(9, '/bin/a'), event(2, '/bin/b')], { sequence: 2 }));
    await store.ingest.compact();
    expect(await store.ingest.subjects()).toEqual(['shop/Deployment/cart']);
    const profile = await store.ingest.profile('shop/Deployment/cart');
    expect(profile).toMatchObject({ container: 'web', origin: 'recorded', from: at(2), until: at(9), partial: false });
    expect(profile?.behaviours.map(({ object }) => object).sort()).toEqual(['/bin/a', '/bin/b']);
    await store.ingest.commit(batchOf([event(10, '', { type: 'loss', lost: 3 })], { sequence: 3 }));
    await store.ingest.compact();
    expect((await store.ingest.profile('shop/Deployment/cart'))?.partial).toBe(true);
    expect((await store.ingest.sensors())[0]?.lost).toBe(3);
    expect(await store.ingest.profile('shop/Deployment/none')).toBeUndefined();
    await store.close();
  });

  it('keeps an alert once, however often it is told, and says when there was news', async () => {
    const store = await fresh();
    expect(await store.ingest.newsAt()).toBe('');
    const alert = { rule: 'r', priority: 'Warning', message: 'm', tags: [] };
    const batch = batchOf([event(1, '/bin/a', { alert })]);
    for (let time = 0; time < 3; time += 1) await store.ingest.commit(batch);
    expect((await store.ingest.evidence()).alerts).toHaveLength(1);
    expect(await store.ingest.newsAt()).toBe(NOW);
    await store.close();
  });

  it('joins what came in once, also where two do it at the same time', async () => {
    const store = await fresh();
    for (let sequence = 1; sequence <= 150; sequence += 1)
      await store.ingest.commit(batchOf([event(sequence, '/bin/a')], { sequence }));
    const joined = await Promise.all([store.ingest.compact(), store.ingest.compact()]);
    expect(joined[0] + joined[1]).toBe(150);
    expect(await store.ingest.compact()).toBe(0);
    await store.close();
  });
}

describe('ingest on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-ingest-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  promises((tenant) => openStore({ path: join(folder, 'store.sqlite'), tenant }));
});

describe('ingest on SQLite, on threads of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-ingest-apart-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  promises((tenant) => openStore({ path: join(folder, 'store.sqlite'), tenant, apart: true }));
});

const missing = whyNoPostgresql();
describe.skipIf(missing)(`ingest on PostgreSQL${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let server: PostgresqlServer;
  beforeAll(() => {
    server = startPostgresql();
  });
  afterAll(() => server.stop());
  promises((tenant) => openStore({ databaseUrl: server.databaseUrl, path: '', tenant }));

  it('outlives a database that goes away: what cannot be stored is not acknowledged', async () => {
    const other = startPostgresql();
    const store = await openStore({ databaseUrl: other.databaseUrl, path: '' });
    await store.ingest.commit(batchOf([event(1, '/bin/a')], { sequence: 1 }));
    other.stop();
    await expect(store.ingest.commit(batchOf([event(2, '/bin/a')], { sequence: 2 }))).rejects.toThrow();
    await store.close();
  });
});
