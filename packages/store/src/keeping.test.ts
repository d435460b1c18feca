import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIngest } from '@breakwater/app/ingest';
import { openLearner } from '@breakwater/app/profiles';
import type { RuntimeEvent } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EstateStore, openStore } from './open-store.ts';
import { type PostgresqlServer, startPostgresql, whyNoPostgresql } from './testing/postgresql-server.ts';

const START = Date.parse('2026-02-01T00:00:00.000Z');
const WORKLOADS = 1_000;

const starts = (time: number, workload: number, path: string): RuntimeEvent => ({
  ...{ source: 'sensor', node: 'n1', time: new Date(time).toISOString(), type: 'exec' },
  pod: { namespace: 'shop', name: `w${workload}-5d4f8b7c9d-x2lkp`, labels: {} },
  container: { id: `c${workload}`, name: 'web', image: 'shop/web:1' },
  process: { path, arguments: '', inImage: true },
  parent: { path: '/bin/app', arguments: '' },
});

function promises(open: (tenant: string) => Promise<EstateStore>) {
  let count = 0;
  const serve = async (takes = 0, opened?: EstateStore) => {
    const store = opened ?? (await open(`keeping-${++count}`));
    const clock = { time: START };
    const kept: number[] = [];
    const behaviour: EstateStore['behaviour'] = {
      ...store.behaviour,
      async keep(models, done, now) {
        await store.behaviour.keep(models, done, now);
        kept.push(models.length);
        clock.time += takes;
      },
    };
    const report = (line: string): void => {
      throw new Error(line);
    };
    const learner = openLearner({ store: behaviour, now: () => clock.time, report });
    const ingest = openIngest(store.ingest, () => clock.time, report);
    return {
      ...{ store, clock, kept, learner, ingest },
      async send(events: RuntimeEvent[]): Promise<void> {
        clock.time += 1;
        const text = events.map((one) => JSON.stringify(one)).join('\n');
        await ingest.take({ key: '', sender: 'n', sensor: 's', text });
      },
    };
  };
  const minutesOf = async (store: EstateStore, workload: number): Promise<number[]> => {
    const found = await store.behaviour.describe(`shop/Deployment/w${workload}`, 'web');
    return [...(found?.behaviours ?? []), ...(found?.pending ?? [])].map(({ incidences }) => incidences);
  };

  it('keeps a thousand workloads that change at once together, and none where another kept one of them', async () => {
    const { store, clock, kept, learner, ingest, send } = await serve();
    const all = Array.from({ length: WORKLOADS }, (_, one) => starts(clock.time, one, '/bin/a'));
    await send(all);
    await learner.turn();
    clock.time += 61_000;
    await learner.turn();
    expect(kept).toEqual([WORKLOADS]);
    expect((await store.behaviour.profiles()).length).toBe(WORKLOADS);
    const models = await Promise.all([0, 999].map((one) => store.behaviour.model(`shop/Deployment/w${one}`, 'web')));
    const again = models.map((model) => ({ ...model!, profile: {} as never }));
    const [first, last] = again;
    await store.behaviour.keep([first!], [], new Date(clock.time).toISOString());
    await expect(store.behaviour.keep([last!, first!], [], '')).rejects.toThrow(
      expect.objectContaining({ name: 'LearnedElsewhere' }),
    );
    expect((await store.behaviour.model('shop/Deployment/w999', 'web'))?.version).toBe(last!.version);
    await ingest.close();
    await learner.close();
    await store.close();
  });

  it('keeps seldom what takes long, a person’s word sooner, and loses nothing when it dies', async () => {
    const { store, clock, kept, learner, ingest, send } = await serve(10_000);
    for (let batch = 0; batch < 1_500; batch++) {
      clock.time += 100;
      await send([starts(START - (2_000 - batch) * 60_000, batch % 3, '/bin/a')]);
      if (batch % 100 === 99) await learner.turn();
    }
    // 150 s went by, of which keeping took 10 s each time.
    expect(kept.length).toBeLessThanOrEqual(2);
    const before = kept.length;
    await store.behaviour.say({ kind: 'letGo', incident: 'i' });
    clock.time += 41_000;
    await learner.turn();
    expect(kept.length).toBe(before + 1);
    await send([starts(START - 60_000, 0, '/bin/a')]);
    await learner.turn();
    await ingest.close();

    // It is gone without a word; who comes after it learns what it had not kept.
    const after = await serve(0, store);
    after.clock.time = clock.time + 120_000;
    await after.learner.turn();
    after.clock.time += 61_000;
    await after.learner.close();
    await after.ingest.close();
    expect(await minutesOf(store, 0)).toEqual([501]);
    expect(await minutesOf(store, 1)).toEqual([500]);
    expect(await store.behaviour.journal('', new Set(), 10, 1e6)).toEqual([]);
    await learner.close();
    await store.close();
  });
}

describe('keeping what was learned, on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-keeping-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  promises((tenant) => openStore({ path: join(folder, 'store.sqlite'), tenant }));
});

const missing = whyNoPostgresql();
describe.skipIf(missing)(`keeping what was learned, on PostgreSQL${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let server: PostgresqlServer;
  beforeAll(() => {
    server = startPostgresql();
  });
  afterAll(() => server.stop());
  promises((tenant) => openStore({ databaseUrl: server.databaseUrl, path: '', tenant }));
});
