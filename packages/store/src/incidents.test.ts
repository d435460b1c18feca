import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  closeIncident,
  expectableOf,
  expectIncident,
  type IncidentOptions,
  listIncidents,
  noteResponse,
  type OpenIncidents,
  openIncidents,
  readIncident,
} from '@breakwater/app/incidents';
import type { IncidentSign, IncidentStore } from '@breakwater/app/incidents/kept';
import type { BehaviourStore } from '@breakwater/app/profiles/kept';
import { tellIncident } from '@breakwater/engine/incident';
import { IncidentQuery, type RuntimeEvent } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from './open-store.ts';
import { type PostgresqlServer, startPostgresql, whyNoPostgresql } from './testing/postgresql-server.ts';

const START = Date.parse('2026-02-01T03:00:00.000Z');
const at = (minute: number) => new Date(START + minute * 60_000).toISOString();
let clock = START + 3_600_000;
const NOW = () => (clock += 1_000);

function event(minute: number, workload: string, more: Partial<RuntimeEvent> = {}): RuntimeEvent {
  return {
    source: 'sensor',
    node: 'n1',
    time: at(minute),
    type: 'exec',
    pod: { namespace: 'shop', name: `${workload}-0`, workloadKind: 'Deployment', workload, labels: {} },
    container: { id: `id-${workload}`, name: 'main', image: `shop/${workload}:1` },
    process: { path: '/bin/sh', arguments: '', pid: 7, executionId: `${workload}:7` },
    parent: { path: '/usr/sbin/nginx', arguments: '', pid: 1, executionId: `${workload}:1` },
    ...more,
  };
}

function alert(minute: number, workload: string, rule = 'shell', priority = 'Error'): IncidentSign {
  const said = { rule, priority, message: `${rule} in ${workload}`, tags: ['T1059.004'], about: 'exec' };
  const subject = `shop/Deployment/${workload}`;
  return {
    kind: 'alert',
    subject,
    container: 'main',
    event: { ...event(minute, workload), type: 'alert', alert: said },
  };
}

function deviation(minute: number, workload: string, key: string, more: Partial<RuntimeEvent> = {}): IncidentSign {
  const behaviour = { dimension: 'exec' as const, actor: '/usr/sbin/nginx', parent: '', object: '/bin/sh' };
  const judged = { verdict: 'deviation' as const, surprise: 9, reasons: [], isSettled: true, isGrave: false };
  const subject = `shop/Deployment/${workload}`;
  const judgement = { behaviour, key, ...judged };
  return { kind: 'deviation', subject, container: 'main', event: event(minute, workload, more), judgement };
}

const PEERS: Readonly<Record<string, string>> = { '10.0.0.2': 'shop/Deployment/cart' };

function promises(
  open: (tenant: string) => Promise<{ incidents: IncidentStore; behaviour: BehaviourStore; close(): Promise<void> }>,
) {
  let count = 0;
  const fresh = async () => {
    const store = await open(`incidents-${++count}`);
    const { incidents } = store;
    const opened: OpenIncidents[] = [];
    const tell = (more: Partial<IncidentOptions> = {}) => {
      const teller = openIncidents({
        incidents,
        now: NOW,
        knownOf: async () => ({ facts: [], unknowns: [] }),
        subjectsAt: ({ address }) => [PEERS[address] ?? []].flat(),
        report: (line) => expect.unreachable(line),
        ...more,
      });
      opened.push(teller);
      return teller;
    };
    const end = async () => {
      for (const teller of opened) await teller.close();
      await store.close();
    };
    const list = (query: object = {}) => listIncidents(incidents, IncidentQuery.parse(query));
    const ports = { incidents, now: NOW };
    /** What learning is told. */
    const said = async () =>
      (await store.behaviour.journal('', new Set(), 1_000, 10_000_000)).map((entry) =>
        'word' in entry ? entry.word : undefined,
      );
    return { end, incidents, said, tell, list, ports };
  };

  it('tells each sign once, however often it comes', async () => {
    const { end, incidents, tell, list } = await fresh();
    const teller = tell();
    const signs = [alert(0, 'web'), deviation(1, 'web', 'k1')];
    await incidents.addSigns(signs);
    await incidents.addSigns(signs);
    expect(await teller.turn()).toBe(2);
    await incidents.addSigns(signs);
    expect(await teller.turn()).toBe(0);
    const { items, total, open } = await list();
    expect([total, open, items[0]?.entries]).toEqual([1, 1, 2]);
    const told = await readIncident(incidents, items[0]?.id ?? '');
    expect(told.entries.map(({ count: times }) => times)).toEqual([1, 1]);
    await end();
  });

  it('goes on with an incident after a restart, and beside another process', async () => {
    const { end, incidents, tell, list } = await fresh();
    const [one, other] = [tell(), tell()];
    for (let minute = 0; minute < 6; minute++) {
      await incidents.addSigns([alert(minute, 'web', `rule-${minute}`)]);
      await (minute % 2 === 0 ? one : other).turn();
    }
    await incidents.addSigns([alert(7, 'web', 'a'), alert(8, 'web', 'b')]);
    await Promise.all([one.turn(), other.turn(), tell().turn()]);
    const { items } = await list();
    expect(items.map(({ entries }) => entries)).toEqual([8]);
    await end();
  });

  it('knows an incident that became part of another by both ids, and by the beginning of one', async () => {
    const { end, incidents, tell, list } = await fresh();
    const teller = tell();
    await incidents.addSigns([deviation(0, 'web', 'k1'), deviation(3, 'cart', 'k2')]);
    await teller.turn();
    const before = (await list()).items.map(({ id }) => id);
    expect(before).toHaveLength(2);
    const peer = { address: '10.0.0.2', port: 80, protocol: 'TCP' };
    await incidents.addSigns([deviation(1, 'web', 'k3', { type: 'connect', peer })]);
    await teller.turn();
    const { items } = await list();
    expect(items).toMatchObject([{ subjects: ['shop/Deployment/web', 'shop/Deployment/cart'], entries: 3 }]);
    for (const id of before) expect((await readIncident(incidents, id)).id).toBe(items[0]?.id);
    expect((await readIncident(incidents, items[0]?.id.slice(0, 8) ?? '')).id).toBe(items[0]?.id);
    await expect(readIncident(incidents, 'i-none')).rejects.toMatchObject({ code: 'incident-missing' });
    await end();
  });

  it('sets a sign aside that can never be told, says so, and tells the others', async () => {
    const { end, incidents, tell, list } = await fresh();
    const lines: string[] = [];
    const subjectsAt = ({ address }: { address: string }) => {
      if (address === '10.0.0.66') throw new Error('no such address');
      return [];
    };
    const teller = tell({ subjectsAt, report: (line) => lines.push(line) });
    const peer = { address: '10.0.0.66', port: 80, protocol: 'TCP' };
    await incidents.addSigns([alert(0, 'web'), deviation(1, 'cart', 'k1', { type: 'connect', peer })]);
    for (let turn = 0; turn < 4; turn++) await expect(teller.turn()).rejects.toThrow('no such address');
    expect((await list()).items.map(({ subjects }) => subjects)).toEqual([['shop/Deployment/web']]);
    expect(lines).toEqual([]);
    await teller.turn();
    expect(lines).toEqual([expect.stringContaining('One deviation of shop/Deployment/cart at 2026-02-01T03:01')]);
    await incidents.addSigns([alert(2, 'cart')]);
    expect([await teller.turn(), await incidents.waiting(9)]).toEqual([1, []]);
    expect((await list()).total).toBe(2);
    await end();
  });

  it('tells a sign without what nobody can read of it', async () => {
    const { end, incidents, tell, list } = await fresh();
    const knownOf = () => Promise.reject(new Error('unreadable'));
    const teller = tell({ knownOf });
    await incidents.addSigns([alert(0, 'web')]);
    for (let turn = 0; turn < 4; turn++) await expect(teller.turn()).rejects.toThrow('unreadable');
    await teller.turn();
    const told = await readIncident(incidents, (await list()).items[0]?.id ?? '');
    expect(told.unknowns).toContain('What build and deploy know of it: it could not be read.');
    await end();
  });

  it('lists open ones first, the gravest first, and finds them', async () => {
    const { end, incidents, tell, list, ports } = await fresh();
    await incidents.addSigns([
      alert(0, 'low', 'a', 'Notice'),
      alert(1, 'grave', 'b', 'Critical'),
      alert(2, 'closed', 'c', 'Critical'),
      alert(3, 'later', 'd', 'Notice'),
    ]);
    await tell().turn();
    const closed = (await list({ search: 'CLOSED' })).items[0]?.id ?? '';
    await closeIncident(ports, closed, { by: 'ops', reason: 'over' });
    const names = async (query = {}) => (await list(query)).items.map(({ subjects }) => subjects[0]?.split('/')[2]);
    expect(await names()).toEqual(['grave', 'later', 'low', 'closed']);
    expect(await names({ limit: 3, cursor: '2' })).toEqual(['low', 'closed']);
    expect(await list({ limit: 3 })).toMatchObject({ total: 4, open: 3, nextCursor: '3' });
    expect(await names({ status: 'closed' })).toEqual(['closed']);
    expect(await names({ severity: 'critical' })).toEqual(['grave', 'closed']);
    expect(await names({ subject: 'shop/Deployment/low' })).toEqual(['low']);
    expect(await names({ namespace: 'sh%' })).toEqual([]);
    await end();
  });

  it('holds behaviours of open incidents from learning, also of those that are over', async () => {
    const { end, incidents, tell, list, said, ports } = await fresh();
    const teller = tell();
    await incidents.addSigns([deviation(0, 'web', 'k1'), deviation(1, 'web', 'k2')]);
    await teller.turn();
    const id = (await list()).items[0]?.id ?? '';
    const place = { subject: 'shop/Deployment/web', container: 'main' };
    expect(await said()).toEqual([{ kind: 'hold', ...place, keys: ['k1', 'k2'], incident: id }]);
    await incidents.addSigns([deviation(2, 'web', 'k1')]);
    await teller.turn();
    expect(await said()).toHaveLength(1);
    expect((await noteResponse(ports, id, { by: 'ops', sentence: 'cut it off', status: 'contained' })).status).toBe(
      'contained',
    );
    expect((await closeIncident(ports, id, { by: 'ops', reason: 'a drill' })).status).toBe('closed');
    expect(await said()).toHaveLength(1);
    const { entries } = await readIncident(incidents, id);
    expect(entries.slice(-2).map(({ sentence }) => sentence)).toEqual(['ops: cut it off', 'ops closed it: a drill']);
    await end();
  });

  it('keeps what is expected with its exceptions and words, or nothing of it', async () => {
    const { end, incidents, said, tell, list } = await fresh();
    await incidents.addSigns([alert(0, 'web', 'shell'), deviation(1, 'web', 'k1')]);
    await tell().turn();
    const id = (await list()).items[0]?.id ?? '';
    const before = await said();
    const exception = { metadata: { name: undefined } } as never;
    const letGo = { kind: 'letGo' as const, incident: id };
    const changed = incidents.change(id, (state) => {
      state.status = 'expected';
      const incident = { ...tellIncident(state), status: 'expected' as const };
      return { incident, exceptions: [{ exception, incident: id, at: at(2) }], words: [letGo] };
    });
    await expect(changed).rejects.toThrow();
    expect((await readIncident(incidents, id)).status).toBe('open');
    expect([await incidents.exceptions(), await said()]).toEqual([[], before]);
    await end();
  });

  it('holds again what was let go of when an expected incident goes on', async () => {
    const { end, incidents, tell, list, said, ports } = await fresh();
    const teller = tell();
    await incidents.addSigns([deviation(0, 'web', 'k1')]);
    await teller.turn();
    const id = (await list()).items[0]?.id ?? '';
    const word = { owner: 'a', reason: 'because', expires: '2026-03-01', keys: ['k1'], policies: [] };
    expect((await expectIncident(ports, id, word)).incident.status).toBe('expected');
    await incidents.addSigns([deviation(1, 'web', 'k2')]);
    await teller.turn();
    expect((await said()).flatMap((one) => (one?.kind === 'hold' ? [one.keys] : []))).toEqual([['k1'], ['k1', 'k2']]);
    await end();
  });

  it('makes of what is expected an exception and known behaviours: for that, until a day, and nothing else', async () => {
    const { end, incidents, tell, list, said, ports } = await fresh();
    await incidents.addSigns([alert(0, 'web', 'shell'), alert(1, 'web', 'other'), deviation(2, 'web', 'k1')]);
    await tell().turn();
    const incident = await readIncident(incidents, (await list()).items[0]?.id ?? '');
    expect(expectableOf(incident)).toEqual({ keys: ['k1'], policies: ['shell', 'other'] });
    const word = {
      owner: 'team-web',
      reason: 'a nightly check',
      expires: '2026-03-01',
      keys: ['k1'],
      policies: ['shell'],
    };
    const first = await expectIncident(ports, incident.id, word);
    expect(first.incident).toMatchObject({ status: 'open', feedback: [{ owner: 'team-web', keys: ['k1'] }] });
    expect(first.exceptions.map(({ spec }) => spec)).toMatchObject([
      {
        policies: ['shell'],
        scope: { namespaces: ['shop'], workloads: ['web'], processes: ['/bin/sh'] },
        owner: 'team-web',
        expires: '2026-03-01',
      },
    ]);
    expect(await said()).toContainEqual({
      ...{ kind: 'accept', subject: 'shop/Deployment/web', container: 'main', keys: ['k1'] },
      ...{ owner: 'team-web', reason: 'a nightly check', expires: '2026-03-01T23:59:59.999Z' },
    });
    const second = await expectIncident(ports, incident.id, { ...word, keys: [], policies: ['other'] });
    expect(second.incident.status).toBe('expected');
    expect(await said()).toContainEqual({ kind: 'letGo', incident: incident.id });
    const kept = await incidents.exceptions();
    expect(kept.map(({ exception }) => exception.spec.policies).sort()).toEqual([['other'], ['shell']]);
    await incidents.addSigns([alert(9, 'web', 'new'), deviation(10, 'web', 'k9')]);
    await tell().turn();
    expect((await readIncident(incidents, incident.id)).status).toBe('open');
    await end();
  });

  it('takes no word about what is not of the incident, about nothing, or about a day that is over', async () => {
    const { end, incidents, tell, list, ports } = await fresh();
    await incidents.addSigns([alert(0, 'web', 'shell')]);
    await tell().turn();
    const id = (await list()).items[0]?.id ?? '';
    const word = { owner: 'a', reason: 'because', expires: '2026-03-01', keys: [], policies: ['shell'] };
    for (const wrong of [{ policies: ['every'] }, { keys: ['k9'] }, { policies: [] }, { expires: '2026-01-01' }])
      await expect(expectIncident(ports, id, { ...word, ...wrong })).rejects.toMatchObject({
        code: 'feedback-invalid',
      });
    expect(await incidents.exceptions()).toEqual([]);
    await end();
  });
}

describe('incidents on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-incidents-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  promises((tenant) => openStore({ path: join(folder, 'store.sqlite'), tenant }));
});

const missing = whyNoPostgresql();
describe.skipIf(missing)(`incidents on PostgreSQL${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let server: PostgresqlServer;
  beforeAll(() => {
    server = startPostgresql();
  });
  afterAll(() => server.stop());
  promises((tenant) => openStore({ databaseUrl: server.databaseUrl, path: '', tenant }));
});
