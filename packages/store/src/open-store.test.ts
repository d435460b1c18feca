import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AssessmentStore } from '@breakwater/app/assessment';
import { exampleAssessment, exampleFinding } from '@breakwater/app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from './open-store.ts';
import { type PostgresqlServer, startPostgresql, whyNoPostgresql } from './testing/postgresql-server.ts';

const CART = 'default/shop/Deployment/cart';
const TIMES = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'] as const;
const page = { limit: 50 };

function promises(open: (tenant: string) => Promise<AssessmentStore>) {
  let count = 0;
  const fresh = () => open(`tenant-${++count}`);

  it('is empty at first, and says so', async () => {
    const store = await fresh();
    expect(await store.summary()).toBeUndefined();
    expect(await store.ranking()).toBeUndefined();
    expect(await store.paths()).toEqual([]);
    expect(await store.workloads(page)).toEqual({ items: [], total: 0 });
    await store.close();
  });

  it('gives back the ranking that was saved, whole', async () => {
    const store = await fresh();
    const saved = exampleAssessment(TIMES[0], ['cart', 'postgres'], []);
    await store.save(saved);
    expect(await store.ranking()).toEqual(saved.ranking);
    expect(await store.workload(CART)).toEqual(saved.workloads[0]);
    expect(await store.paths()).toEqual(['estate']);
    await store.close();
  });

  it('opens a finding once, follows it and closes it by itself', async () => {
    const store = await fresh();
    const one = exampleFinding(CART, 'one', 'high', true);
    const two = exampleFinding(CART, 'two', 'low', false);
    expect(await store.save(exampleAssessment(TIMES[0], ['cart'], [one, two]))).toEqual({
      opened: 2,
      closed: 0,
      open: 2,
    });
    expect(await store.save(exampleAssessment(TIMES[1], ['cart'], [two]))).toEqual({ opened: 0, closed: 1, open: 1 });
    expect(await store.finding(one.key)).toBeUndefined();
    expect(await store.save(exampleAssessment(TIMES[2], ['cart'], [one, two]))).toEqual({
      opened: 1,
      closed: 0,
      open: 2,
    });
    expect(await store.finding(one.key)).toEqual(one);
    await store.close();
  });

  it('lists findings that matter first, then by severity, page by page without loss or repeat', async () => {
    const store = await fresh();
    const findings = (['low', 'critical', 'high', 'medium', 'unknown'] as const).flatMap((severity, index) => [
      exampleFinding(CART, `quiet-${index}`, severity, false),
      exampleFinding(CART, `loud-${index}`, severity, true),
    ]);
    await store.save(exampleAssessment(TIMES[0], ['cart'], findings));
    const seen: string[] = [];
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const found = await store.findings({ limit: 3, workload: CART, ...(cursor ? { cursor } : {}) });
      seen.push(...found.items.map((item) => `${item.matters} ${item.severity}`));
      cursor = found.nextCursor;
    }
    const order = ['critical', 'high', 'medium', 'low', 'unknown'];
    expect(seen).toEqual([...order.map((s) => `true ${s}`), ...order.map((s) => `false ${s}`)]);
    await store.close();
  });

  it('searches names, takes % and _ literally and filters by namespace', async () => {
    const store = await fresh();
    await store.save(exampleAssessment(TIMES[0], ['cart', 'postgres', 'card'], []));
    const names = async (query: object) =>
      (await store.workloads({ ...page, ...query })).items.map((item) => item.name);
    expect(await names({ search: 'CAR' })).toEqual(['cart', 'card']);
    expect(await names({ search: 'car_' })).toEqual([]);
    expect(await names({ search: '%' })).toEqual([]);
    expect(await names({ namespace: 'data' })).toEqual(['postgres']);
    await store.close();
  });

  it('refuses a cursor that it did not give', async () => {
    const store = await fresh();
    await expect(store.workloads({ ...page, cursor: 'nonsense' })).rejects.toMatchObject({ code: 'cursor-invalid' });
    await store.close();
  });

  it('keeps the history of the loss and the scopes', async () => {
    const store = await fresh();
    await store.save(exampleAssessment(TIMES[0], ['cart', 'postgres'], []));
    await store.save(exampleAssessment(TIMES[1], ['cart'], []));
    const summary = await store.summary();
    expect(summary?.trend.map((point) => point.loss)).toEqual([2, 1]);
    expect(summary?.scopes).toEqual([{ cluster: 'default', namespaces: ['shop'] }]);
    expect(summary?.workloads).toBe(1);
    await store.close();
  });

  it('lets go of findings that closed a year ago', async () => {
    const store = await fresh();
    const one = exampleFinding(CART, 'one', 'high', true);
    await store.save(exampleAssessment('2024-01-01T00:00:00.000Z', ['cart'], [one]));
    await store.save(exampleAssessment('2024-01-02T00:00:00.000Z', ['cart'], []));
    await store.save(exampleAssessment('2026-01-01T00:00:00.000Z', ['cart'], []));
    const again = await store.save(exampleAssessment('2026-01-02T00:00:00.000Z', ['cart'], [one]));
    expect(again).toEqual({ opened: 1, closed: 0, open: 1 });
    await store.close();
  });

  it('keeps documents by kind and name', async () => {
    const store = await fresh();
    expect(await store.readDocument('observation', 'a')).toBeUndefined();
    await store.writeDocument('observation', 'a', { seen: 1 });
    await store.writeDocument('observation', 'a', { seen: 2 });
    expect(await store.readDocument('observation', 'a')).toEqual({ seen: 2 });
    await store.close();
  });

  it('shows a tenant nothing of another', async () => {
    const [ours, theirs] = [await fresh(), await fresh()];
    await ours.save(exampleAssessment(TIMES[0], ['cart'], [exampleFinding(CART, 'one', 'high', true)]));
    expect(await theirs.summary()).toBeUndefined();
    expect((await theirs.findings(page)).total).toBe(0);
    await theirs.save(exampleAssessment(TIMES[1], [], []));
    expect((await ours.findings(page)).total).toBe(1);
    await Promise.all([ours.close(), theirs.close()]);
  });
}

describe('the store on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-store-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  promises((tenant) => openStore({ path: join(folder, 'store.sqlite'), tenant }));

  it('finds its data again after a restart', async () => {
    const options = { path: join(folder, 'again.sqlite') };
    const first = await openStore(options);
    await first.save(exampleAssessment(TIMES[0], ['cart'], []));
    await first.close();
    const second = await openStore(options);
    expect((await second.ranking())?.workloads).toHaveLength(1);
    await second.close();
  });
});

describe('the store on SQLite, on threads of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-store-apart-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  promises((tenant) => openStore({ path: join(folder, 'store.sqlite'), tenant, apart: true }));
});

const missing = whyNoPostgresql();
describe.skipIf(missing)(`the store on PostgreSQL${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let server: PostgresqlServer;
  beforeAll(() => {
    server = startPostgresql();
  });
  afterAll(() => server.stop());
  promises((tenant) => openStore({ databaseUrl: server.databaseUrl, path: '', tenant }));
});
