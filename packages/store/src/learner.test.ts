import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIngest } from '@breakwater/app/ingest';
import type { Batch } from '@breakwater/app/ingest/kept';
import { type Deviation, openLearner } from '@breakwater/app/profiles';
import type { RuntimeEvent } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EstateStore, openStore } from './open-store.ts';
import { type PostgresqlServer, startPostgresql, whyNoPostgresql } from './testing/postgresql-server.ts';

const START = Date.parse('2026-02-01T00:00:00.000Z');
const HOUR = 3_600_000;
const at = (minute: number) => new Date(START + minute * 60_000).toISOString();
const subjectOf = (name: string) => `shop/Deployment/${name}`;

function starts(minute: number, path: string, name = 'cart', inImage = true): RuntimeEvent {
  return {
    source: 'sensor',
    node: 'n1',
    time: at(minute),
    type: 'exec',
    pod: { namespace: 'shop', name: `${name}-5d4f8b7c9d-x2lkp`, labels: {} },
    container: { id: name, name: 'web', image: `shop/${name}:1` },
    process: { path, arguments: '', inImage },
    parent: { path: '/bin/app', arguments: '' },
  };
}

function promises(open: (tenant: string) => Promise<EstateStore>) {
  let count = 0;

  async function serve() {
    const store = await open(`learner-${++count}`);
    let time = START + 1_000 * HOUR;
    const now = () => time;
    const reports: string[] = [];
    const deviations: Deviation[] = [];
    const learner = openLearner({
      ...{ store: store.behaviour, now },
      report: (line) => void reports.push(line),
      onDeviations: async (found) => void deviations.push(...found),
    });
    let isAllKnown = false;
    const knows = (one: { subject: string; container: string; key: string }) => isAllKnown || learner.knows(one);
    const ingest = openIngest(store.ingest, now, () => {}, undefined, knows);
    return {
      ...{ store, learner, reports, deviations },
      takeAllForKnown: () => {
        isAllKnown = true;
      },
      pass: (milliseconds: number) => {
        time += milliseconds;
      },
      send: async (...events: RuntimeEvent[]) => {
        time += 1;
        const text = events.map((one) => JSON.stringify(one)).join('\n');
        return await ingest.take({ key: '', sender: 'east', sensor: 's', text });
      },
      waits: async () => (await store.behaviour.journal('', new Set(), 1_000, 1e9)).length,
      async end() {
        await ingest.close();
        await learner.close();
        await store.close();
      },
    };
  }

  const known = async (store: EstateStore, name = 'cart') => {
    const profile = await store.behaviour.describe(subjectOf(name), 'web');
    return [...(profile?.behaviours ?? []), ...(profile?.pending ?? [])].map(({ behaviour }) => behaviour.object);
  };

  it('learns and keeps on when the clock is set back', async () => {
    const { store, learner, pass, send, waits, end } = await serve();
    await send(starts(1, '/bin/a'));
    await learner.turn();
    pass(-10 * HOUR);
    await send(starts(2, '/bin/b'));
    await learner.turn();
    expect(await known(store)).toEqual(['/bin/a']);
    await learner.turn();
    pass(61_000);
    await learner.turn();
    expect((await known(store)).sort()).toEqual(['/bin/a', '/bin/b']);
    expect(await waits()).toBe(0);
    await end();
  });

  it('takes the place of one that died before the clock was set back', async () => {
    const { store, learner, pass, send, waits, end } = await serve();
    await store.behaviour.claim('dead', at(0), new Date(START + 1_010 * HOUR).toISOString());
    await send(starts(1, '/bin/a'));
    expect(await learner.turn()).toBe(1);
    pass(61_000);
    await learner.turn();
    expect(await waits()).toBe(0);
    await end();
  });

  /** A batch at which learning stumbles: nobody knows by which mistake. */
  async function poison({ ingest }: EstateStore): Promise<void> {
    const own = { subject: subjectOf('cart'), container: 'web' };
    const { pod: _, ...event } = starts(5, '/bin/x');
    const [first, last] = [at(5), at(5)];
    const behaviours = [{ ...own, key: 'k', behaviour: null, first, last, count: 1, example: event }];
    const minutes = [{ minute: at(5).slice(0, 16), did: [0] }];
    const told = { ...own, replica: 'cart', image: '', imageName: '', reporter: 'sensor@n1', minutes, uses: [] };
    const delta = { observations: [], reporters: [], alerts: [], losses: [], replicas: [told], behaviours };
    const batch = { key: '', sensor: '', receivedAt: at(5), skew: 0, events: 1, unknowns: 0, lost: 0, isNews: false };
    await ingest.commit({ ...batch, delta } as unknown as Batch);
  }

  it('learns what comes after something that cannot be learned, gives that up, and says so', async () => {
    const { store, learner, reports, pass, send, waits, end } = await serve();
    await poison(store);
    await store.behaviour.say({
      kind: 'hold',
      subject: subjectOf('cart'),
      container: 'web',
      keys: 3,
      incident: 'i',
    } as never);
    await send(starts(6, '/bin/a'));
    await learner.turn();
    pass(61_000);
    await learner.turn();
    expect(await known(store)).toEqual(['/bin/a']);
    expect(await waits()).toBe(2);
    for (let hour = 0; hour < 8; hour += 1) {
      pass(HOUR);
      await learner.turn();
    }
    expect(await waits()).toBe(0);
    expect(reports.filter((line) => line.includes('given up'))).toHaveLength(2);
    const profile = await store.behaviour.describe(subjectOf('cart'), 'web');
    const exec = profile?.dimensions.find(({ dimension }) => dimension === 'exec');
    expect([exec?.minutes, exec?.partialMinutes]).toEqual([1, 1]);
    expect(await known(store)).toEqual(['/bin/a']);
    await end();
  });

  it('keeps what it learns beside names that are too long for an index', async () => {
    const { store, learner, send, waits, end } = await serve();
    let code = 1;
    // Nothing that repeats: what is stored is compressed.
    const letter = () => {
      code = (code * 16_807) % 2_147_483_647;
      return String.fromCharCode(0x4e00 + (code % 20_000));
    };
    const noise = (length: number) => Array.from({ length }, letter).join('');
    const [pod, container] = [
      { namespace: noise(500), name: noise(500), labels: {} },
      { id: 'c', name: noise(500) },
    ];
    await send(starts(1, '/bin/a'), { ...starts(1, '/bin/b'), pod, container });
    await store.behaviour.say({ kind: 'letGo', incident: 'i' });
    await learner.turn();
    expect(await waits()).toBe(0);
    expect(await known(store)).toEqual(['/bin/a']);
    expect(await store.behaviour.profiles()).toHaveLength(2);
    await end();
  });

  it('is told no example of what is known, and shows what is known no more as it was seen first', async () => {
    const { store, learner, deviations, takeAllForKnown, pass, send, end } = await serve();
    for (let minute = 1; minute < 4; minute += 1) {
      await send(starts(minute, '/bin/a'), starts(minute, `/bin/new-${minute}`));
      const [entry] = await store.behaviour.journal('', new Set(), 1_000, 1e9).then((all) => all.slice(-1));
      const told = entry !== undefined && 'batch' in entry ? entry.batch.behaviours : [];
      const shown = new Map(told.map(({ behaviour, example }) => [behaviour.object, example !== undefined]));
      expect([shown.get('/bin/a'), shown.get(`/bin/new-${minute}`)]).toEqual([minute < 3, true]);
      await learner.turn();
    }
    await store.ingest.compact();
    pass(61_000);
    await learner.turn();
    const known = await store.behaviour.describe(subjectOf('cart'), 'web');
    const keys = (known?.behaviours ?? [])
      .filter(({ behaviour }) => behaviour.object === '/bin/a')
      .map(({ key }) => key);
    await store.behaviour.say({ kind: 'hold', subject: subjectOf('cart'), container: 'web', keys, incident: 'i' });
    await learner.turn();
    // Another one took it in, who did not hear yet that it is not known any more.
    takeAllForKnown();
    await send({ ...starts(9, '/bin/a'), container: { id: 'other', name: 'web', image: 'shop/cart:1' } });
    await learner.turn();
    expect(deviations.at(-1)?.event).toMatchObject({
      ...{ source: 'sensor', node: 'n1', type: 'exec', time: at(9), container: { id: 'other', name: 'web' } },
      ...{ process: { path: '/bin/a', inImage: true }, parent: { path: '/bin/app' } },
    });
    await end();
  });

  it('is told what came just before something grave as it came, where hardly anything new is to be expected', async () => {
    const { learner, deviations, send, end } = await serve();
    await send(...Array.from({ length: 190 }, (_, minute) => starts(minute, '/bin/a')));
    await learner.turn();
    await send(starts(190, '/bin/early'), starts(191, '/bin/a'));
    await learner.turn();
    expect(deviations).toEqual([]);
    await send(starts(192, '/tmp/x', 'cart', false));
    await learner.turn();
    const told = deviations.map((one) => [
      'judgement' in one && one.judgement.behaviour.object,
      one.event.process?.path,
      one.event.time,
    ]);
    expect(told.sort()).toEqual([
      ['/bin/early', '/bin/early', at(190)],
      ['/tmp/x', '/tmp/x', at(192)],
    ]);
    await end();
  });

  it('gives nothing up while nothing at all can be learned', async () => {
    const { store, learner, pass, waits, end } = await serve();
    await poison(store);
    for (let hour = 0; hour < 9; hour += 1) {
      pass(HOUR);
      await learner.turn();
    }
    expect(await waits()).toBe(1);
    await end();
  });

  it('writes only profiles in which an incident held something', async () => {
    const { store, learner, pass, send, end } = await serve();
    await send(starts(1, '/bin/a'), starts(1, '/bin/a', 'shop'));
    const held = { subject: subjectOf('cart'), container: 'web', keys: ['some%key'], incident: 'INC_1' };
    await store.behaviour.say({ kind: 'hold', ...held });
    await learner.turn();
    const heads = await store.behaviour.profiles();
    expect(heads).toHaveLength(2);
    expect(await store.behaviour.holding('INC_1')).toEqual([{ subject: subjectOf('cart'), container: 'web' }]);
    expect(await store.behaviour.holding('INC%1')).toEqual([]);
    pass(1_000);
    await store.behaviour.say({ kind: 'letGo', incident: 'INC_1' });
    await learner.turn();
    const after = await store.behaviour.profiles();
    expect(after.find(({ subject }) => subject === subjectOf('shop'))).toEqual(
      heads.find(({ subject }) => subject === subjectOf('shop')),
    );
    expect(after.find(({ subject }) => subject === subjectOf('cart'))?.updatedAt).not.toBe(heads[0]?.updatedAt);
    expect(await store.behaviour.holding('INC_1')).toEqual([]);
    await end();
  });

  it('gives what was told here as anybody else reads it, once it is stored and while it is not learned', async () => {
    const { store, send, end } = await serve();
    const elsewhere = await open(`learner-${count}`);
    const readAt = async ({ behaviour }: EstateStore) => await behaviour.journal('', new Set(), 10, 1e6);
    await send(starts(0, '/bin/app'), starts(0, '/bin/other', 'shop'));
    await store.behaviour.say({ kind: 'letGo', incident: 'INC_1' });
    await send(starts(1, '/bin/app'));
    const stored = await readAt(elsewhere);
    expect(stored).toHaveLength(3);
    expect([await readAt(store), await readAt(store)]).toEqual([stored, stored]);
    await send(starts(2, '/bin/app'));
    const known = new Set(stored.map(({ id }) => id));
    const learned = (await readAt(elsewhere)).flatMap(({ id }) => (known.has(id) ? [] : [id]));
    await elsewhere.behaviour.keep([], learned, at(3));
    expect(await readAt(store)).toEqual(stored);
    await elsewhere.close();
    await end();
  });

  it('reads as many bytes as are asked for, and one entry at least', async () => {
    const { store, learner, end } = await serve();
    for (let word = 0; word < 5; word += 1) await store.behaviour.say({ kind: 'letGo', incident: 'é'.repeat(500) });
    const read = async (bytes: number) => (await store.behaviour.journal('', new Set(), 4, bytes)).length;
    expect([await read(1), await read(2_000), await read(2_100), await read(1e6)]).toEqual([1, 1, 2, 4]);
    expect(await learner.turn()).toBe(5);
    await end();
  });
}

describe('whoever learns, on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-learner-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  promises((tenant) => openStore({ path: join(folder, 'store.sqlite'), tenant }));
});

const missing = whyNoPostgresql();
describe.skipIf(missing)(`whoever learns, on PostgreSQL${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let server: PostgresqlServer;
  beforeAll(() => {
    server = startPostgresql();
  });
  afterAll(() => server.stop());
  promises((tenant) => openStore({ databaseUrl: server.databaseUrl, path: '', tenant }));
});
