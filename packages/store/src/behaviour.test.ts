import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueSensorKey, openIngest } from '@breakwater/app/ingest';
import { type Deviation, openLearner } from '@breakwater/app/profiles';
import { releaseFacts } from '@breakwater/engine/behaviour';
import type { RuntimeEvent } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EstateStore, openStore } from './open-store.ts';
import { type PostgresqlServer, startPostgresql, whyNoPostgresql } from './testing/postgresql-server.ts';

const START = Date.parse('2026-02-01T00:00:00.000Z');
const at = (minute: number) => new Date(START + minute * 60_000).toISOString();
const SUBJECT = 'shop/Deployment/cart';

function event(minute: number, path: string, more: Partial<RuntimeEvent> = {}): RuntimeEvent {
  return {
    source: 'sensor',
    node: 'n1',
    time: at(minute),
    type: 'exec',
    pod: { namespace: 'shop', name: 'cart-5d4f8b7c9d-x2lkp', labels: {} },
    container: { id: 'c0', name: 'web', image: 'shop/cart:1', imageDigest: 'sha256:1' },
    process: { path, arguments: '', inImage: true },
    parent: { path: '/bin/app', arguments: '' },
    ...more,
  };
}

/** A container that was watched for a minute, whatever it did. */
const beat = (minute: number, more: Partial<RuntimeEvent> = {}): RuntimeEvent =>
  event(minute, '', { type: 'resource', since: at(minute - 1), usage: { cpu: 1, memory: 1e6 }, ...more });

const text = (events: RuntimeEvent[]): string => events.map((one) => JSON.stringify(one)).join('\n');

function promises(open: (tenant: string) => Promise<EstateStore>) {
  let count = 0;
  const fresh = () => open(`behaviour-${++count}`);

  /** A server's part: what takes events, and what learns. */
  async function serve(store: EstateStore, told: Deviation[] = []) {
    let now = START + 1_000_000 * 60_000;
    const learner = openLearner({
      store: store.behaviour,
      now: () => now,
      report: (line) => console.error(line),
      onDeviations: async (found) => void told.push(...found),
    });
    const ingest = openIngest(
      store.ingest,
      () => now,
      () => {},
    );
    let sequence = 0;
    return {
      learner,
      send: (events: RuntimeEvent[], number = ++sequence) =>
        ingest.take({ key: issued.id, sender: 'east', sensor: 's', sequence: number, text: text(events) }),
      pass: (milliseconds: number) => {
        now += milliseconds;
      },
      async end() {
        await ingest.close();
        await learner.close();
      },
    };
  }
  const issued = issueSensorKey('east', at(0)).key;

  it('learns a profile from what comes in, and keeps it', async () => {
    const store = await fresh();
    const { send, end } = await serve(store);
    await send([event(1, '/bin/a'), event(1, '/bin/a'), event(2, '/bin/a'), event(2, '/bin/b'), beat(3)]);
    await end();
    const profile = await store.behaviour.describe(SUBJECT);
    const execs = [...(profile?.behaviours ?? []), ...(profile?.pending ?? [])].filter(
      ({ behaviour }) => behaviour.dimension === 'exec',
    );
    expect(execs.map(({ behaviour, incidences }) => [behaviour.object, incidences]).sort()).toEqual([
      ['/bin/a', 2],
      ['/bin/b', 1],
    ]);
    expect(profile?.dimensions.find(({ dimension }) => dimension === 'exec')?.minutes).toBe(2);
    expect(await store.behaviour.profiles()).toMatchObject([{ subject: SUBJECT, container: 'web' }]);
    await store.close();
  });

  it('counts a batch once, whenever the one who learns dies', async () => {
    const store = await fresh();
    const first = await serve(store);
    await first.send([event(1, '/bin/a')], 1);
    await first.send([event(1, '/bin/a')], 1);
    // Learned, and never kept: as if the process were gone.
    await first.learner.turn();
    first.pass(61_000);
    const second = await serve(store);
    second.pass(61_000);
    await second.send([event(2, '/bin/a')], 2);
    await second.end();
    const profile = await store.behaviour.describe(SUBJECT, 'web');
    const [known] = [...(profile?.behaviours ?? []), ...(profile?.pending ?? [])];
    expect(known?.incidences).toBe(2);
    // The first one wakes up: what it knew is learned by another, and it does not keep it again.
    first.pass(61_000);
    await first.end();
    expect((await store.behaviour.describe(SUBJECT))?.behaviours).toEqual(profile?.behaviours);
    await store.close();
  });

  it('tells what nothing explains, and again after it could not be told', async () => {
    const store = await fresh();
    const told: Deviation[] = [];
    let isAway = true;
    const learner = openLearner({
      store: store.behaviour,
      now: () => START + 90_000 * 60_000,
      report: () => {},
      async onDeviations(found) {
        if (isAway) throw new Error('away');
        told.push(...found);
      },
    });
    const ingest = openIngest(
      store.ingest,
      () => START + 90_000 * 60_000,
      () => {},
    );
    const strange = { path: '/tmp/x', arguments: '', inImage: false };
    await ingest.take({
      key: issued.id,
      sender: 'east',
      sensor: 's',
      text: text([event(1, '', { process: strange })]),
    });
    await learner.turn();
    expect(told).toEqual([]);
    isAway = false;
    await learner.turn();
    expect(
      told.map((one) => [one.subject, one.container, 'judgement' in one && one.judgement.behaviour.object]),
    ).toContainEqual([SUBJECT, 'web', '/tmp/x']);
    expect(told[0]?.event.process?.path).toBe('/tmp/x');
    await learner.close();
    await ingest.close();
    await store.close();
  });

  it('tells once where a replica uses far more than is usual, and of which container', async () => {
    const store = await fresh();
    const told: Deviation[] = [];
    const { send, pass, end } = await serve(store, told);
    const hour = async (begin: number, cpu: number) => {
      // Batches come one after the other.
      pass(1);
      await send(Array.from({ length: 60 }, (_, index) => beat(begin + index + 1, { usage: { cpu } })));
    };
    for (let done = 0; done < 25; done += 1) await hour(60 * done, 12);
    await hour(60 * 25, 180);
    await end();
    expect(told).toMatchObject([
      {
        ...{ subject: SUBJECT, container: 'web' },
        event: { type: 'resource', source: 'sensor', container: { id: 'c0', name: 'web', imageDigest: 'sha256:1' } },
        use: { resource: 'cpu', verdict: 'deviation', value: 3, minutes: 10 },
      },
    ]);
    expect(told[0]?.event.time).toBe(at(60 * 25 + 10));
    await store.close();
  });

  it('marks minutes in which anything was lost', async () => {
    const store = await fresh();
    const { send, end } = await serve(store);
    await send([
      beat(1),
      beat(2),
      event(2, '', { type: 'loss', lost: 3, since: at(1.2), container: undefined, pod: undefined }),
    ] as RuntimeEvent[]);
    await end();
    const profile = await store.behaviour.describe(SUBJECT);
    const exec = profile?.dimensions.find(({ dimension }) => dimension === 'exec');
    expect([exec?.minutes, exec?.partialMinutes]).toEqual([1, 1]);
    await store.close();
  });

  it('begins a release with each image and each manifest, and says what differs', async () => {
    const store = await fresh();
    const facts = { ...releaseFacts({}), id: 'r1', imageDigest: 'sha256:1', ports: ['80/TCP'] };
    const kept = { subject: SUBJECT, container: 'web', images: ['sha256:1', 'shop/cart:1'] };
    await store.behaviour.writeFacts([{ ...kept, facts }], at(0));
    const { send, learner, pass, end } = await serve(store);
    await send([event(1, '/bin/a')]);
    await learner.turn();
    await store.behaviour.writeFacts([{ ...kept, facts: { ...facts, id: 'r2', ports: ['81/TCP'] } }], at(2));
    pass(61_000);
    await send([event(3, '/bin/a')]);
    await end();
    const releases = (await store.behaviour.describe(SUBJECT))?.releases.map((one) => [
      one.facts.id,
      one.difference?.changes.map(({ kind, change, name }) => `${kind} ${name} ${change}`),
    ]);
    expect(releases).toEqual([
      ['r1', undefined],
      ['r2', ['port 80/TCP removed', 'port 81/TCP added']],
    ]);
    await store.close();
  });

  it('gives what is not done of the journal, the oldest first, wherever what is done stands in it', async () => {
    const store = await fresh();
    for (let word = 0; word < 6; word++) await store.behaviour.say({ kind: 'letGo', incident: `i${word}` });
    const ids = (await store.behaviour.journal('', new Set(), 10, 1e6)).map(({ id }) => id);
    expect(ids).toHaveLength(6);
    const read = async (done: string[]) =>
      (await store.behaviour.journal('', new Set(done), 2, 1e6)).map(({ id }) => id);
    expect(await read(ids.slice(0, 4))).toEqual(ids.slice(4));
    expect(await read(ids.slice(4))).toEqual(ids.slice(0, 2));
    expect(await read(ids)).toEqual([]);
    await store.close();
  });

  it('keeps what an estate tells at once, however large it is, and lets go of what was seen before', async () => {
    const store = await fresh();
    const facts = releaseFacts({});
    const told = (images: string[]) => [{ subject: SUBJECT, container: 'web', images, facts }];
    await store.behaviour.writeFacts(told(['old']), at(0));
    await store.behaviour.writeFacts(told(Array.from({ length: 20_001 }, (_, index) => `image-${index}`)), at(1));
    expect(await store.behaviour.facts(SUBJECT, 'web', 'image-0')).toEqual(facts);
    expect(await store.behaviour.facts(SUBJECT, 'web', 'image-20000')).toEqual(facts);
    expect(await store.behaviour.facts(SUBJECT, 'web', 'old')).toBeUndefined();
    await store.close();
  }, 120_000);

  it('keeps what sources promise to tell, however long somebody made their names', async () => {
    const store = await fresh();
    const { send, end } = await serve(store);
    const node = Array.from({ length: 500 }, (_, index) =>
      String.fromCharCode(0x4e00 + ((index * 7919) % 20_000)),
    ).join('');
    const watch = { dimensions: ['exec' as const], isWhole: true };
    await send([event(1, '', { type: 'watch', node, watch })]);
    await end();
    expect(await store.behaviour.promised(SUBJECT, 'web', `sensor@${node}`)).toEqual(['exec']);
    await store.close();
  });

  it('obeys what people say of behaviours', async () => {
    const store = await fresh();
    const { send, learner, end } = await serve(store);
    await send([event(1, '', { process: { path: '/tmp/x', arguments: '', inImage: false } })]);
    await learner.turn();
    await end();
    const [pending] = (await store.behaviour.describe(SUBJECT))?.pending ?? [];
    expect(pending?.held).toBe('never');
    const word = { owner: 'ann', reason: 'our updater', expires: '2099-01-01T00:00:00.000Z' };
    await store.behaviour.say({ kind: 'accept', subject: SUBJECT, keys: [pending?.key ?? ''], ...word });
    const again = await serve(store);
    await again.end();
    const accepted = (await store.behaviour.describe(SUBJECT))?.behaviours.find(({ key }) => key === pending?.key);
    expect(accepted).toMatchObject({ origin: 'accepted', expires: word.expires });
    await store.close();
  });
}

describe('learning on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-behaviour-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  promises((tenant) => openStore({ path: join(folder, 'store.sqlite'), tenant }));
});

const missing = whyNoPostgresql();
describe.skipIf(missing)(`learning on PostgreSQL${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let server: PostgresqlServer;
  beforeAll(() => {
    server = startPostgresql();
  });
  afterAll(() => server.stop());
  promises((tenant) => openStore({ databaseUrl: server.databaseUrl, path: '', tenant }));
});
