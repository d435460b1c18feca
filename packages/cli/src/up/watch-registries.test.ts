import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { advisoryIndexPath } from '@breakwater/app/advisories';
import {
  lookWhereNotified,
  readNotification,
  scopeOfRegistry,
  type WatchOptions,
  watchRegistries,
} from '@breakwater/app/registries';
import { WatchedTagQuery } from '@breakwater/model';
import { importAdvisories } from '@breakwater/sources/advisories';
import { type EstateStore, openStore } from '@breakwater/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DockerRegistry, NO_DOCKER_REGISTRY, startDockerRegistry } from '../testing/docker-registry.ts';
import { pushImage, sampleImage } from '../testing/sample-image.ts';

const SETTINGS = { tags: [], interval: 1, unsafePlainHttp: false, unsafeAllowPrivateAddresses: false };
const ALL = WatchedTagQuery.parse({});

describe.skipIf(NO_DOCKER_REGISTRY !== '')(`watching a registry${NO_DOCKER_REGISTRY}`, { timeout: 180_000 }, () => {
  let state: string;
  let store: EstateStore;
  let registry: DockerRegistry;
  let stop: AbortController;
  let watching: Promise<void>;
  let lines: string[];

  beforeEach(async () => {
    state = mkdtempSync(join(tmpdir(), 'breakwater-watch-'));
    store = await openStore({ path: join(state, 'store.sqlite') });
    registry = await startDockerRegistry();
    lines = [];
  });
  afterEach(async () => {
    await end();
    await store.close();
    await registry.remove();
    rmSync(state, { recursive: true, force: true });
  });

  const watch = (change: Partial<WatchOptions> = {}) => {
    stop = new AbortController();
    watching = watchRegistries({
      store: store.registries,
      state,
      signal: stop.signal,
      idle: 20,
      registry: { firstWait: 10 },
      report: (line) => lines.push(line),
      ...change,
    });
  };
  const end = async () => {
    stop?.abort();
    await watching;
  };
  const name = (prefix = '') => scopeOfRegistry(`${registry.host}${prefix}`, SETTINGS);
  const tags = async () => (await store.registries.tags(ALL, new Date().toISOString())).items;
  const until = async (what: string, holds: () => Promise<boolean>) => {
    const deadline = Date.now() + 40_000;
    while (!(await holds())) {
      if (Date.now() > deadline)
        throw new Error(`Not in 40 s: ${what}\n${lines.join('\n')}\n${JSON.stringify(await tags(), undefined, 1)}`);
      await wait(50);
    }
  };
  const read = (reference: string, digest: string) => async () =>
    (await tags()).some((tag) => tag.reference.endsWith(reference) && tag.digest === digest && tag.state === 'read');
  const importOsv = async (records: object[]) => {
    const path = join(state, `osv-${records.length}.jsonl`);
    writeFileSync(path, records.map((record) => JSON.stringify(record)).join('\n'));
    await importAdvisories({ from: [path], index: advisoryIndexPath(state) });
    // Imports within one millisecond would look alike.
    const { mtimeMs } = statSync(advisoryIndexPath(state));
    utimesSync(advisoryIndexPath(state), new Date(), new Date(mtimeMs + records.length));
  };

  it('finds what is there, what comes, what is moved and what goes, and pulls an image once', async () => {
    const [one, two, three] = [sampleImage(['musl']), sampleImage(['musl', 'zlib']), sampleImage(['busybox'])];
    await pushImage(registry.address, 'team/app', '1', one);
    await pushImage(registry.address, 'other/app', '1', three);
    await store.registries.watch(name('/team'), new Date().toISOString());
    watch();
    await until('the first tag', read('/team/app:1', one.digest));
    expect((await tags()).map(({ reference }) => reference)).toEqual([`${registry.host}/team/app:1`]);
    expect((await tags())[0]?.image).toMatchObject({ components: 1, layers: 1, platform: 'linux/amd64' });

    await pushImage(registry.address, 'team/app', '2', two);
    await until('a new tag', read('/team/app:2', two.digest));
    await pushImage(registry.address, 'team/new', '1', one);
    await until('a new repository', read('/team/new:1', one.digest));
    await pushImage(registry.address, 'team/app', '1', two);
    await until('a moved tag', read('/team/app:1', two.digest));
    await fetch(`${registry.address}/v2/team/new/manifests/${one.digest}`, { method: 'DELETE' });
    await until('a tag that is gone', async () =>
      (await tags()).some((tag) => tag.state === 'gone' && tag.goneAt !== undefined),
    );

    const events = await store.registries.events();
    const told = (kind: string) => events.filter((event) => event.kind === kind).map(({ subject }) => subject);
    expect(told('tag-new')).toEqual([`${registry.host}/team/app:2`]);
    expect(told('tag-moved')).toEqual([`${registry.host}/team/app:1`]);
    expect(told('tag-gone')).toEqual([`${registry.host}/team/new:1`]);
    const pulls = registry
      .requests()
      .filter((request) => request.startsWith('GET /v2/team/') && request.includes('/blobs/'));
    expect(new Set(pulls).size).toBe(pulls.length);
  });

  it('goes on where it was after a restart of its own, and after one of the registry', async () => {
    const [one, two] = [sampleImage(['musl']), sampleImage(['zlib'])];
    await pushImage(registry.address, 'team/app', '1', one);
    await store.registries.watch(name(), new Date().toISOString());
    watch();
    await until('the first tag', read('/team/app:1', one.digest));
    await end();
    await registry.stop();
    watch();
    await until('trouble', async () => (await store.registries.list('')).items[0]?.trouble !== undefined);
    const [troubled] = (await store.registries.list('')).items;
    expect(troubled?.trouble?.code).toBe('registry-unreachable');
    expect((await tags())[0]?.state).toBe('read');
    await registry.start();
    await pushImage(registry.address, 'team/app', '2', two);
    await store.registries.lookNow({ watch: registry.host }, new Date().toISOString(), true);
    await until('the second tag', read('/team/app:2', two.digest));
    expect((await store.registries.list('')).items[0]?.trouble).toBeUndefined();
  });

  it('leaves a registry alone for as long as it asks, and says so', async () => {
    const asked: number[] = [];
    const busy = createServer((_, response) => {
      asked.push(Date.now());
      response.writeHead(429, { 'retry-after': '7200' }).end();
    });
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(busy.address() as AddressInfo).port}`;
    const started = Date.now();
    await store.registries.watch(scopeOfRegistry(host, SETTINGS), new Date().toISOString());
    watch();
    await until('trouble', async () => (await store.registries.list('')).items[0]?.trouble !== undefined);
    const [item] = (await store.registries.list('')).items;
    expect(item?.trouble).toMatchObject({ code: 'registry-failed', message: expect.stringContaining('429') });
    expect(Date.parse(item?.nextLook ?? '')).toBeGreaterThanOrEqual(started + 7_200_000);
    const before = asked.length;
    await lookWhereNotified(store.registries, [{ repository: 'team/app' }], new Date().toISOString());
    await wait(1500);
    expect(asked).toHaveLength(before);
    busy.closeAllConnections();
    await new Promise((resolve) => busy.close(resolve));
  });

  it('says when a login is refused, without the password anywhere', async () => {
    await registry.remove();
    registry = await startDockerRegistry({ password: 'right-password' });
    await store.registries.watch(name(), new Date().toISOString());
    watch({ registry: { firstWait: 10, credentials: { username: 'tester', password: 'wrong-password' } } });
    await until('trouble', async () => (await store.registries.list('')).items[0]?.trouble !== undefined);
    const list = await store.registries.list('');
    expect(list.items[0]?.trouble).toMatchObject({
      code: 'registry-refused',
      hint: expect.stringContaining('docker login'),
    });
    expect(JSON.stringify([list, lines, registry.requests()])).not.toContain('-password');
  });

  it('looks at once where a notification names a repository that is watched, and nowhere else', async () => {
    const image = sampleImage(['musl']);
    await pushImage(registry.address, 'team/app', '1', image);
    const scope = { ...name('/team'), scope: { ...name('/team').scope, interval: 3600 } };
    await store.registries.watch(scope, new Date().toISOString());
    watch();
    await until('the first tag', read('/team/app:1', image.digest));
    await pushImage(registry.address, 'team/new', '1', image);
    await pushImage(registry.address, 'other/app', '1', image);
    const body = { events: ['team/new', 'other/app', '../team', 5].map((repository) => ({ target: { repository } })) };
    const named = readNotification(JSON.parse(JSON.stringify(body)));
    expect(named.map(({ repository }) => repository)).toEqual(['team/new', 'other/app']);
    expect(await lookWhereNotified(store.registries, named, new Date().toISOString())).toBe(1);
    await until('the pushed tag', read('/team/new:1', image.digest));
    expect(registry.requests().filter((request) => request.includes('/v2/other/') && !/^P/.test(request))).toEqual([]);
  });

  it('goes on looking where the advisories cannot be read, and says so', async () => {
    const image = sampleImage(['musl']);
    writeFileSync(advisoryIndexPath(state), 'no index');
    await store.registries.watch(name(), new Date().toISOString());
    watch();
    await until('the words', async () =>
      lines.some((line) => line.startsWith('Stored images could not be judged anew')),
    );
    rmSync(advisoryIndexPath(state));
    await pushImage(registry.address, 'team/app', '1', image);
    await until('a tag', read('/team/app:1', image.digest));
  });

  it('judges what it knows by new advisories without a request to the registry', async () => {
    const record = (id: string, fixed: string) => ({
      id,
      modified: '2026-01-02T00:00:00Z',
      affected: [
        {
          package: { ecosystem: 'Alpine:v3.20', name: 'zlib' },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
        },
      ],
    });
    const image = sampleImage(['zlib 1.3.0-r0']);
    await pushImage(registry.address, 'team/app', '1', image);
    await importOsv([record('CVE-2026-0001', '1.2.0-r0')]);
    await store.registries.watch({ ...name(), scope: { ...name().scope, interval: 3600 } }, new Date().toISOString());
    watch();
    await until('the first tag', read('/team/app:1', image.digest));
    expect((await tags())[0]?.image?.vulnerabilities.total).toBe(0);
    const before = registry.requests().length;

    await importOsv([record('CVE-2026-0001', '1.2.0-r0'), record('CVE-2026-0002', '1.3.1-r0')]);
    await until('a new finding', async () => (await tags())[0]?.image?.vulnerabilities.total === 1);
    await until('its story', async () =>
      (await store.registries.events()).some(({ kind }) => kind === 'vulnerability-new'),
    );
    expect((await store.registries.events())[0]?.sentence).toMatch(
      /^CVE-2026-0002 appeared in 1 image because advisories of \d{4}-\d\d-\d\d say so$/,
    );
    await importOsv([record('CVE-2026-0001', '1.2.0-r0')]);
    await until('a finding that is gone', async () => (await tags())[0]?.image?.vulnerabilities.total === 0);
    await until('its story', async () =>
      (await store.registries.events()).some(({ kind }) => kind === 'vulnerability-gone'),
    );
    expect(registry.requests()).toHaveLength(before);
    const id = (await tags())[0]?.image?.id ?? '';
    expect(await store.registries.knownImage(id)).toMatchObject({
      matches: [],
      image: { components: [{ name: 'zlib' }] },
    });
  });
});
