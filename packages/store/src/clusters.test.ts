import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueSensorKey, openIngest, openKeyRing } from '@breakwater/app/ingest';
import { type Deviation, openLearner } from '@breakwater/app/profiles';
import { releaseFacts } from '@breakwater/engine/behaviour';
import type { RuntimeEvent } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EstateStore, openStore } from './open-store.ts';
import { type PostgresqlServer, startPostgresql, whyNoPostgresql } from './testing/postgresql-server.ts';

const START = Date.parse('2026-02-01T00:00:00.000Z');
const at = (minute: number) => new Date(START + minute * 60_000).toISOString();
const CART = 'shop/Deployment/cart';

const starts = (minute: number, path: string, cluster?: string): RuntimeEvent => ({
  source: 'sensor',
  node: 'n1',
  time: at(minute),
  type: 'exec',
  pod: { namespace: 'shop', name: 'cart-5d4f8b7c9d-x2lkp', labels: {}, ...(cluster !== undefined && { cluster }) },
  container: { id: `c-${cluster}`, name: 'web', image: 'shop/cart:1' },
  process: { path, arguments: '', inImage: true },
  parent: { path: '/bin/app', arguments: '' },
});

function promises(open: (tenant: string) => Promise<EstateStore>) {
  let count = 0;

  async function serve(store?: EstateStore) {
    const own = store ?? (await open(`clusters-${++count}`));
    let time = START + 1_000 * 3_600_000;
    const deviations: Deviation[] = [];
    const learner = openLearner({
      ...{ store: own.behaviour, now: () => time, report: (line) => console.error(line) },
      onDeviations: async (found) => void deviations.push(...found),
    });
    const ingest = openIngest(
      own.ingest,
      () => time,
      () => {},
    );
    return {
      ...{ store: own, deviations },
      send: async (events: RuntimeEvent[], cluster?: string) => {
        time += 61_000;
        const text = events.map((one) => JSON.stringify(one)).join('\n');
        await ingest.take({ key: '', sender: 'east', sensor: '', cluster, text });
        await learner.turn();
      },
      async end() {
        await ingest.close();
        await learner.close();
      },
    };
  }

  const known = async (store: EstateStore, subject: string) => {
    const profile = await store.behaviour.describe(subject);
    const all = [...(profile?.behaviours ?? []), ...(profile?.pending ?? [])];
    return all.map(({ behaviour }) => behaviour.object).sort();
  };

  it('have a profile each of a workload that all of them run, whoever names them', async () => {
    const { store, send, end } = await serve();
    await send([starts(1, '/bin/a', 'east'), starts(1, '/bin/b', 'west'), starts(1, '/bin/c')]);
    await send([starts(2, '/bin/d'), starts(2, '/bin/e', 'east')], 'west');
    await end();
    expect(await known(store, `east/${CART}`)).toEqual(['/bin/a']);
    expect(await known(store, `west/${CART}`)).toEqual(['/bin/b', '/bin/d', '/bin/e']);
    expect(await known(store, CART)).toEqual(['/bin/c']);
    const subjects = await store.ingest.subjects();
    expect(subjects.sort()).toEqual([`east/${CART}`, CART, `west/${CART}`].sort());
    await store.close();
  });

  it('that were not told apart go on with what they taught, and no other does', async () => {
    const store = await open(`clusters-${++count}`);
    // As it was kept when subjects named no cluster: the events did.
    const before = await serve(store);
    await before.send([starts(1, '/bin/a')]);
    await before.end();
    const { behaviours } = (await store.ingest.profile(CART)) ?? { behaviours: [] };
    expect(behaviours).toHaveLength(1);
    const [kept] = await nameClusterOfKept(store, 'east');
    expect(kept?.pod?.cluster).toBe('east');

    const after = await serve(store);
    await after.send([starts(2, '/bin/e', 'east'), starts(2, '/bin/w', 'west')]);
    await after.end();
    expect(await known(store, `east/${CART}`)).toEqual(['/bin/a', '/bin/e']);
    expect(await known(store, `west/${CART}`)).toEqual(['/bin/w']);
    await store.close();
  });

  /** Writes the first event that showed a behaviour as one that names a cluster. */
  async function nameClusterOfKept(store: EstateStore, cluster: string): Promise<(RuntimeEvent | undefined)[]> {
    const first = starts(0, '/bin/old', cluster);
    const behaviour = { dimension: 'exec', actor: '/bin/app', parent: '', object: '/bin/old' } as const;
    const told = { subject: CART, container: 'web', key: 'old', behaviour };
    const behaviours = [{ ...told, first: at(0), last: at(0), count: 1, example: first }];
    const delta = { observations: [], reporters: [], alerts: [], losses: [], replicas: [], behaviours };
    const batch = { key: '', sensor: '', receivedAt: at(1), skew: 0, events: 1, unknowns: 0, lost: 0, isNews: false };
    await store.ingest.commit({ ...batch, delta });
    await store.ingest.compact();
    return [await store.behaviour.example(CART, 'web', 'old')];
  }

  it('find what their own manifests say of a release, else what those without a cluster say', async () => {
    const store = await open(`clusters-${++count}`);
    const own = { container: 'web', images: ['shop/cart:1'] };
    const facts = (id: string) => ({ ...releaseFacts({}), id });
    await store.behaviour.writeFacts(
      [
        { ...own, subject: '', container: '', facts: facts('image') },
        { ...own, subject: CART, facts: facts('written') },
        { ...own, subject: `east/${CART}`, facts: facts('east') },
      ],
      at(1),
    );
    const idOf = async (subject: string) => (await store.behaviour.facts(subject, 'web', 'shop/cart:1'))?.id;
    expect(await idOf(`east/${CART}`)).toBe('east');
    expect(await idOf(`west/${CART}`)).toBe('written');
    expect(await idOf(CART)).toBe('written');
    expect(await idOf('other/Deployment/x')).toBe('image');
    await store.close();
  });

  it('are named by keys, and stay so', async () => {
    const store = await open(`clusters-${++count}`);
    const { text, key } = issueSensorKey('east', at(0), 'arn:aws:eks:eu-west-1:1:cluster/east');
    const other = issueSensorKey('any', at(0));
    expect([await store.ingest.addKey(key), await store.ingest.addKey(other.key)]).toEqual([true, true]);
    const ring = openKeyRing(store.ingest, () => 0);
    expect(await ring.verify(text)).toEqual(key);
    expect(await ring.verify(other.text)).toEqual(other.key);
    await store.close();
  });
}

describe('clusters with the same workload, on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-clusters-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  promises((tenant) => openStore({ path: join(folder, 'store.sqlite'), tenant }));
});

const missing = whyNoPostgresql();
describe.skipIf(missing)(
  `clusters with the same workload, on PostgreSQL${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let server: PostgresqlServer;
    beforeAll(() => {
      server = startPostgresql();
    });
    afterAll(() => server.stop());
    promises((tenant) => openStore({ databaseUrl: server.databaseUrl, path: '', tenant }));
  },
);
