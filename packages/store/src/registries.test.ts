import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job, JudgedInventory, RegistryStore } from '@breakwater/app/registries';
import { exampleAssessment, exampleComponent, exampleImage } from '@breakwater/app/testing';
import { type Severity, WatchedTagQuery } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EstateStore, openStore } from './open-store.ts';
import { type PostgresqlServer, startPostgresql, whyNoPostgresql } from './testing/postgresql-server.ts';

const ALL = ['catalogue', 'repository', 'image', 'judge'] as const;
const HOST = 'registry.example';
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const query = (change: object = {}) => WatchedTagQuery.parse(change);

const SCOPE = {
  name: HOST,
  scope: {
    registry: HOST,
    prefix: '',
    tags: [],
    interval: 900,
    unsafePlainHttp: false,
    unsafeAllowPrivateAddresses: false,
  },
};

/** The next piece of work, which there must be. */
async function claim(store: RegistryStore, minute: number, worker = 'one'): Promise<Job> {
  const job = await store.claim(ALL, at(minute), worker, at(minute + 2));
  if (!job) throw new Error('nothing is due');
  return job;
}

/** A scope whose catalogue lists repositories; gives the work of the first. */
async function follow(store: RegistryStore, ...repositories: string[]): Promise<Job> {
  await store.watch(SCOPE, at(0));
  const job = await claim(store, 0);
  await store.saveRepositories(HOST, repositories, at(0), () => at(0));
  await store.finish(job, { next: at(600) });
  return await claim(store, 1);
}

function inventory(name: string, severities: Severity[], advisories: string, created = at(0)): JudgedInventory {
  const image = exampleImage([exampleComponent('left-pad', '1.0.0')], {
    id: digest(name),
    source: 'registry',
    manifestDigests: [],
  });
  const findings = severities.map((severity, index) => ({
    key: `${name}-${index}`,
    rule: `CVE-2026-000${index}`,
    severity,
  }));
  return {
    image,
    matches: [],
    findings,
    advisories,
    known: {
      id: image.id,
      created,
      layers: 1,
      components: 1,
      unknowns: 0,
      vulnerabilities: { total: severities.length, critical: 0, high: 0, fixable: 0, exploited: 0 },
      ...(severities[0] ? { worst: severities[0] } : {}),
      verdict: 'pass',
      readAt: at(1),
      judgedAt: at(1),
    },
  };
}

function promises(open: (tenant: string) => Promise<EstateStore>) {
  let count = 0;
  const fresh = async (use: (store: RegistryStore, whole: EstateStore) => Promise<void>) => {
    const store = await open(`registries-${++count}`);
    await use(store.registries, store).finally(() => store.close());
  };

  it('gives each piece of work to one worker, however many ask', () =>
    fresh(async (store) => {
      const repositories = Array.from({ length: 20 }, (_, index) => `team/app-${index}`);
      await store.watch(
        { ...SCOPE, scope: { ...SCOPE.scope, repositories: repositories.map((name) => ({ name, tags: [] })) } },
        at(0),
      );
      const claimed = await Promise.all(
        Array.from({ length: 40 }, (_, index) => store.claim(ALL, at(1), `worker-${index}`, at(2))),
      );
      const got = claimed.flatMap((job) => (job ? [job.repository] : []));
      expect(new Set(got).size).toBe(got.length);
      while (true) {
        const job = await store.claim(ALL, at(1), 'last', at(2));
        if (!job) break;
        got.push(job.repository);
      }
      expect(got.toSorted()).toEqual(repositories.toSorted());
    }));

  it('hands back the work of a worker that is gone, and not of one that holds it', () =>
    fresh(async (store) => {
      const job = await follow(store, 'team/app');
      expect(await store.release(at(2))).toBe(0);
      await store.hold('one', at(10));
      expect(await store.release(at(5))).toBe(0);
      expect(await store.release(at(11))).toBe(1);
      expect((await claim(store, 11, 'two')).id).toBe(job.id);
    }));

  it('comes again at its time, waits after a failure, and at once where somebody asked meanwhile', () =>
    fresh(async (store) => {
      let job = await follow(store, 'team/app');
      await store.finish(job, { next: at(20) });
      expect(await store.claim(ALL, at(19), 'one', at(30))).toBeUndefined();
      job = await claim(store, 20);
      await store.finish(job, { next: at(40), failed: true });
      expect(await store.lookNow({ watch: HOST, repository: 'team/app' }, at(25), false)).toBe(1);
      expect(await store.claim(ALL, at(39), 'one', at(60))).toBeUndefined();
      job = await claim(store, 40);
      expect(job.attempts).toBe(1);
      await store.lookNow({ watch: HOST, repository: 'team/app' }, at(41), false);
      await store.finish(job, { next: at(80) });
      expect((await claim(store, 41)).attempts).toBe(0);
    }));

  it('leaves a registry that asked for it alone, what comes new too, unless the operator wants it', () =>
    fresh(async (store) => {
      const job = await follow(store, 'team/app');
      await store.finish(job, { next: at(5), failed: true });
      await store.pause(HOST, at(60));
      await store.addRepository(HOST, 'team/new', at(6));
      expect(await store.claim(ALL, at(59), 'one', at(60))).toBeUndefined();
      expect((await store.list('')).items[0]?.nextLook).toBe(at(60));
      await store.lookNow({ watch: HOST }, at(10), true);
      expect(await store.claim(ALL, at(11), 'one', at(60))).toBeDefined();
    }));

  it('tells what is new, moved, gone and back; tags that it is not to follow any more are forgotten', () =>
    fresh(async (store) => {
      const job = await follow(store, 'team/app');
      const look = (minute: number, tags: Record<string, string>, gone: string[] = [], left: string[] = []) => {
        const present = Object.entries(tags).map(([tag, letter]) => ({ tag, digest: digest(letter) }));
        return store.saveTags(job, '', { present, gone, left }, at(minute));
      };
      await look(1, { a: '1', b: '1' });
      await look(2, { a: '2', b: '1', c: '1' });
      await look(3, { a: '2', b: '1' }, ['c']);
      await look(3.5, { a: '2', b: '1' }, ['c']);
      await look(4, { a: '2', c: '1' }, [], ['b']);
      const { items } = await store.tags(query(), at(5));
      expect(items.map(({ tag, state, movedAt, goneAt }) => ({ tag, state, movedAt, goneAt }))).toEqual([
        { tag: 'a', state: 'waiting', movedAt: at(2), goneAt: undefined },
        { tag: 'c', state: 'waiting', movedAt: undefined, goneAt: undefined },
      ]);
      expect((await store.events()).map(({ time, kind, subject }) => [time, kind, subject])).toEqual([
        [at(3), 'tag-gone', `${HOST}/team/app:c`],
        [at(2), 'tag-moved', `${HOST}/team/app:a`],
        [at(2), 'tag-new', `${HOST}/team/app:c`],
      ]);
      expect((await claim(store, 5)).kind).toBe('image');
    }));

  it('knows an image by any of its names, who runs it, and what nobody runs', () =>
    fresh(async (store, whole) => {
      const job = await follow(store, 'team/cart');
      const present = [
        { tag: '1', digest: digest('1') },
        { tag: '2', digest: digest('2') },
      ];
      await store.saveTags(job, '', { present, gone: [], left: [] }, at(1));
      await store.saveImage({ ...job, digest: digest('1') }, '', inventory('a', ['high'], at(1), at(0)), at(2));
      const estate = exampleAssessment(at(3), ['cart'], []);
      for (const entry of estate.workloads) entry.ranked.images = [{ reference: `${HOST}/team/cart:9@${digest('1')}` }];
      await whole.save(estate);

      const { items } = await store.tags(query({ sort: 'worst' }), at(4));
      expect(items.map(({ tag, state, workloads }) => [tag, state, workloads])).toEqual([
        ['1', 'read', ['default/shop/Deployment/cart']],
        ['2', 'waiting', []],
      ]);
      expect((await store.tags(query({ only: 'unused' }), at(4))).items.map(({ tag }) => tag)).toEqual(['2']);
      expect(await store.sprawl(at(4))).toMatchObject({
        tags: 2,
        unused: 1,
        repositories: [{ name: `${HOST}/team/cart`, tags: 2, unused: 1, oldest: at(0), oldestTag: '1' }],
      });
      for (const name of [digest('1'), `${HOST}/team/cart:1`]) {
        expect((await store.imagesNamed([name])).map(({ id }) => id)).toEqual([digest('a')]);
      }
      expect((await store.knownImage(digest('a')))?.workloads).toEqual(['default/shop/Deployment/cart']);
      expect(await store.isUsed([digest('1')])).toBe(true);
    }));

  it('opens and closes findings with the advisories that say so, and gives them once', () =>
    fresh(async (store) => {
      const job = { ...(await follow(store, 'team/app')), digest: digest('1') };
      await store.saveImage(job, '', inventory('a', ['low'], at(1)), at(1));
      expect((await store.staleImages(at(2), 10)).map(({ image }) => image.id)).toEqual([digest('a')]);
      const judge = (severities: Severity[], stamp: string) =>
        store.saveJudgements([change(inventory('a', severities, stamp))], at(9));
      expect(await judge(['low', 'critical'], at(2))).toEqual({ opened: 1, closed: 0 });
      expect(await store.staleImages(at(2), 10)).toEqual([]);
      expect(await store.judgementChanges(at(2), 10)).toEqual({
        opened: [{ rule: 'CVE-2026-0001', severity: 'critical', images: 1 }],
        closed: [],
      });
      expect(await judge(['low'], at(3))).toEqual({ opened: 0, closed: 1 });
      expect((await store.judgementChanges(at(3), 10)).closed).toEqual([
        { rule: 'CVE-2026-0001', severity: 'critical', images: 1 },
      ]);
      expect((await store.list(at(4))).unjudged).toBe(1);
    }));

  it('gives pages of any order without loss or repeat', () =>
    fresh(async (store) => {
      const job = await follow(store, 'team/app');
      const present = Array.from({ length: 25 }, (_, index) => ({ tag: `t${index}`, digest: digest('1') }));
      await store.saveTags(job, '', { present, gone: [], left: [] }, at(1));
      for (const sort of ['name', 'worst', 'age', 'since']) {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await store.tags(query({ sort, limit: 7, cursor }), at(2));
          seen.push(...page.items.map(({ tag }) => tag));
          expect(page.total).toBe(25);
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        expect(seen.toSorted()).toEqual(present.map(({ tag }) => tag).toSorted());
      }
    }));

  it('forgets what is long gone, and keeps what workloads run', () =>
    fresh(async (store, whole) => {
      const job = await follow(store, 'team/app');
      await store.saveTags(job, '', { present: [{ tag: '1', digest: digest('1') }], gone: [], left: [] }, at(1));
      await store.saveImage({ ...job, digest: digest('1') }, '', inventory('a', [], at(1)), at(1));
      await store.saveImage({ ...job, digest: digest('2') }, '', inventory('b', [], at(1)), at(1));
      await store.saveImage({ ...job, digest: digest('3') }, '', inventory('c', [], at(1)), at(1));
      const estate = exampleAssessment(at(3), ['cart'], []);
      for (const entry of estate.workloads) entry.ranked.images = [{ reference: `team/app@${digest('2')}` }];
      await whole.save(estate);
      await store.prune(at(10));
      const known = async () =>
        Promise.all(['a', 'b', 'c'].map(async (name) => (await store.knownImage(digest(name))) !== undefined));
      expect(await known()).toEqual([true, true, false]);
      await store.saveTags(job, '', { present: [], gone: ['1'], left: [] }, at(20));
      await store.prune(at(21));
      expect((await store.tags(query(), at(21))).items).toMatchObject([{ state: 'gone', goneAt: at(20) }]);
      await store.prune(at(21 + 91 * 24 * 60));
      expect((await store.tags(query(), at(21))).total).toBe(0);
      expect(await known()).toEqual([false, true, false]);
      expect(await store.forget(HOST)).toBe(true);
      expect(await store.forget(HOST)).toBe(false);
    }));
}

/** The same image, judged to something else. */
function change(judged: JudgedInventory): JudgedInventory {
  const { findings, image } = judged;
  const place = { source: image.target };
  return {
    ...judged,
    image: { ...image, unknowns: [{ code: 'component-unmatched', message: String(findings.length), place }] },
  };
}

describe('registries on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-registries-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  promises((tenant) => openStore({ path: join(folder, 'store.sqlite'), tenant }));
});

describe('registries on SQLite, on threads of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-registries-apart-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  promises((tenant) => openStore({ path: join(folder, 'store.sqlite'), tenant, apart: true }));
});

const missing = whyNoPostgresql();
describe.skipIf(missing !== undefined)(`registries on PostgreSQL${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let server: PostgresqlServer;
  beforeAll(() => {
    server = startPostgresql();
  });
  afterAll(() => server?.stop());
  promises((tenant) => openStore({ path: '', databaseUrl: server.databaseUrl, tenant }));
});
