import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { issueSensorKey } from '@breakwater/app/ingest';
import type { RuntimeEvent } from '@breakwater/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEstateStore } from '../up/open-estate-store.ts';
import { type IngestService, openIngestService } from './open-ingest-service.ts';

let state: string;
let service: IngestService;
let key: string;

const event = (path: string, more: Partial<RuntimeEvent> = {}): RuntimeEvent => ({
  source: 'sensor',
  node: 'n1',
  time: new Date().toISOString(),
  type: 'exec',
  container: { name: 'web', image: 'shop/web:1' },
  process: { path, arguments: '' },
  ...more,
});
const lines = (...events: object[]) => events.map((each) => `${JSON.stringify(each)}\n`).join('');

async function start(perSecond = 50_000): Promise<void> {
  service = await openIngestService({ state, listen: { host: '127.0.0.1', port: 0 }, names: [], perSecond });
}

async function withStore<T>(work: (store: Awaited<ReturnType<typeof openEstateStore>>) => Promise<T>): Promise<T> {
  const store = await openEstateStore(state);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'breakwater-ingest-'));
  key = await withStore(async (store) => {
    const { text, key: kept } = issueSensorKey('east', new Date().toISOString());
    await store.ingest.addKey(kept);
    return text;
  });
  await start();
});
afterEach(async () => {
  await service.close();
  rmSync(state, { recursive: true, force: true });
});

async function post(body: string | Buffer, headers: Record<string, string> = {}) {
  const authorization = `Bearer ${key}`;
  const sent = { method: 'POST', body: body, headers: { authorization, ...headers } };
  const response = await fetch(`${service.address}/api/v1/events`, sent);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}
const numbered = (sequence: number, more: Record<string, string> = {}) => ({
  'breakwater-sensor': 'n1:0',
  'breakwater-sequence': String(sequence),
  ...more,
});
const sensors = () => withStore((store) => store.ingest.sensors());

describe('events that come over the network', () => {
  it('are counted once, in whatever order and however often their batch comes', async () => {
    const send = (sequence: number) => post(lines(event('/bin/a'), event('/bin/b')), numbered(sequence));
    expect((await send(3)).body).toMatchObject({ accepted: 2, duplicate: false, stored: [[3, 3]] });
    expect((await send(1)).body).toMatchObject({
      accepted: 2,
      stored: [
        [1, 1],
        [3, 3],
      ],
    });
    const again = await Promise.all([send(2), send(2), send(3), send(1), send(2)]);
    expect(again.filter(({ body }) => !body.duplicate)).toHaveLength(1);
    expect(await sensors()).toMatchObject([{ sensor: 'n1:0', batches: 3, duplicates: 4, events: 6, stored: [[1, 3]] }]);
  });

  it('prove what the same events in a file prove', async () => {
    const image = `sha256:${'ab'.repeat(32)}`;
    const opened = event('/bin/a', {
      type: 'open',
      container: { imageDigest: image },
      file: { path: '/usr/lib/a.so', access: 'read' },
    });
    await post(lines(opened));
    const { observations } = await withStore((store) => store.ingest.evidence());
    expect(observations).toMatchObject([
      { key: image, opened: [{ path: '/usr/lib/a.so' }], executed: [{ path: '/bin/a' }] },
    ]);
  });

  it('may be packed, and what is not whole is refused', async () => {
    const packed = gzipSync(lines(event('/bin/a')));
    expect((await post(packed, { 'content-encoding': 'gzip' })).body.accepted).toBe(1);
    expect((await post(packed.subarray(0, 30), { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await post('x', { 'content-encoding': 'br' })).status).toBe(415);
  });

  it('are bounded, as they come and once they are unpacked', async () => {
    expect((await post('x'.repeat(17 * 1024 * 1024)).catch(() => ({ status: 413 }))).status).toBe(413);
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect((await post(bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect((await post(lines(event('/bin/a')))).status).toBe(200);
  });

  it('that are cut off or no events are counted, and the rest is taken', async () => {
    const cut = lines(event('/bin/b')).slice(0, 40);
    const { body } = await post(`${lines(event('/bin/a'))}rubbish\n{"no": "event"}\n${lines(event('/bin/c'))}${cut}`);
    expect(body).toMatchObject({ accepted: 2, unknown: 3 });
    expect(body.unknowns.map(({ place }: { place: { line: number } }) => place.line)).toEqual([2, 3, 5]);
    const flood = await post(`${lines(event('/bin/a'))}${'rubbish\n'.repeat(5_000)}`);
    expect(flood.body).toMatchObject({ accepted: 1, unknown: 5_000 });
    expect(flood.body.unknowns.length).toBeLessThanOrEqual(20);
    expect((await sensors())[0]?.unknowns).toBe(5_003);
  });

  it('of a clock that is wrong are noted, and make nothing look newer than it is', async () => {
    const late = new Date(Date.now() + 86_400_000).toISOString();
    const { body } = await post(lines(event('/bin/a', { time: late })), numbered(1, { 'breakwater-time': late }));
    expect(body).toMatchObject({ accepted: 1, ahead: 1 });
    expect(body.skew).toBeGreaterThan(86_000);
    const { observations } = await withStore((store) => store.ingest.evidence());
    expect(Date.parse(observations[0]?.last ?? '')).toBeLessThan(Date.now() + 60_000);
    expect((await sensors())[0]?.skew).toBeGreaterThan(86_000);
  });

  it.each<[string, () => Record<string, string>]>([
    ['no key', () => ({ authorization: '' })],
    ['a key that is none', () => ({ authorization: 'Bearer abc' })],
    ['the id of a key with another secret', () => ({ authorization: `Bearer ${key.slice(0, 21)}_${'A'.repeat(43)}` })],
    ['a word in the place of Bearer', () => ({ authorization: `Token ${key}` })],
  ])('are refused with %s', async (_, headers) => {
    const { status, body } = await post(lines(event('/bin/a')), headers());
    expect([status, body.code]).toEqual([401, 'key-unknown']);
    expect(await sensors()).toEqual([]);
  });

  it('are refused with a key that was revoked', async () => {
    await withStore((store) => store.ingest.revokeKey('east', new Date().toISOString()));
    await service.close();
    await start();
    expect((await post(lines(event('/bin/a')))).body.code).toBe('key-revoked');
  });

  it('may come with the key as a password: Falco can be given an address only', async () => {
    const authorization = `Basic ${Buffer.from(`falco:${key}`).toString('base64')}`;
    const alert = { time: '2026-01-01T00:00:00Z', rule: 'r', priority: 'Notice', output: 'o', output_fields: {} };
    expect((await post(JSON.stringify(alert), { authorization })).body.accepted).toBe(1);
    expect((await withStore((store) => store.ingest.evidence())).alerts).toHaveLength(1);
  });

  it('that come too fast wait as long as they are told', async () => {
    await service.close();
    await start(10);
    const flood = lines(...Array.from({ length: 150 }, () => event('/bin/a')));
    expect((await post(flood)).status).toBe(200);
    const refused = await post(flood);
    expect([refused.status, refused.body.code]).toEqual([429, 'too-many-events']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await sensors())[0]?.events).toBe(150);
  });

  it('do not open anything else with their key', async () => {
    for (const path of ['/', '/api/findings', '/api/v1/events/x'])
      expect((await fetch(`${service.address}${path}`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(
        404,
      );
    expect((await fetch(`${service.address}/api/v1/events`)).status).toBe(405);
  });

  it('name their batch rightly, or not at all', async () => {
    const wrong = [
      { 'breakwater-sensor': 'a b', 'breakwater-sequence': '1' },
      { 'breakwater-sensor': 'a', 'breakwater-sequence': '0' },
      { 'breakwater-sensor': 'a' },
      numbered(1, { 'breakwater-oldest': '2' }),
    ];
    for (const headers of wrong) expect((await post(lines(event('/bin/a')), headers)).body.code).toBe('batch-unnamed');
  });

  it('come of an API server as a list', async () => {
    const item = {
      kind: 'Event',
      auditID: 'x',
      stage: 'ResponseComplete',
      verb: 'get',
      user: { username: 'alice' },
      objectRef: { resource: 'secrets', namespace: 'shop', name: 'database' },
      requestReceivedTimestamp: '2026-01-01T00:00:00.000000Z',
    };
    const list = {
      kind: 'EventList',
      apiVersion: 'audit.k8s.io/v1',
      metadata: {},
      items: [item, { ...item, verb: 'create' }],
    };
    expect((await post(JSON.stringify(list))).body).toMatchObject({ accepted: 1, unknown: 0 });
    for (let times = 0; times < 3; times += 1) await post(JSON.stringify(list));
    const { alerts } = await withStore((store) => store.ingest.evidence());
    expect(alerts.map(({ alert }) => alert?.rule)).toEqual(['Secret read']);
  });
});
