import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Behaviour, DimensionState, LearnedProfile, RuntimeEvent } from '@breakwater/model';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from './open-store.ts';
import { ServedWorkload } from './testing/served-workload.ts';

const LARGEST_STATE = 2 * 1024 * 1024;
const IMAGE = 'shop/server:1';
/** Behaviours of one subject of which a store keeps examples; they are written 200 at a time. */
const MOST_KEPT = 20_200;
const folder = mkdtempSync(join(tmpdir(), 'breakwater-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

const replicas = (count: number): string[] => Array.from({ length: count }, (_, index) => `server-${index}`);
const word = (index: number): string => {
  let text = '';
  for (let left = index + 1; left > 0; left = Math.floor(left / 20)) text += 'bcdfghjklmnpqrstvwxz'[left % 20];
  return text;
};
const settled = ({ dimensions }: LearnedProfile, name: Behaviour['dimension']): DimensionState =>
  dimensions.find(({ dimension }) => dimension === name) as DimensionState;
const objects = (all: readonly { behaviour: Behaviour }[]): string[] => all.map(({ behaviour }) => behaviour.object);

describe('a server whose events are hostile', () => {
  let served: ServedWorkload;
  let count = 0;
  beforeEach(async () => {
    served = new ServedWorkload(await openStore({ path: join(folder, 'store.sqlite'), tenant: `t${++count}` }));
    await served.build(IMAGE);
  });
  afterEach(async () => await served.end());
  const told = (): string[] =>
    served.deviations.map((one) => ('use' in one ? one.use.resource : one.judgement.behaviour.object));

  it('settles on a workload that is as it is, and tells what it is not', async () => {
    await served.live(600, replicas(6), IMAGE);
    const profile = await served.profile();
    expect(profile.dimensions.filter(({ isSettled }) => isSettled).map(({ dimension }) => dimension)).toEqual(
      expect.arrayContaining(['exec', 'open', 'connect', 'listen']),
    );
    await served.send([served.connects('server-0', IMAGE, 'pool.example.com', 443)]);
    expect(told()).toEqual(['pool.example.com:443/TCP']);
  });

  it.each([
    ['paths', 'open', (one: string, id: string) => served.opens(id, IMAGE, `/etc/site-${one}/page.conf`)],
    ['peers', 'connect', (one: string, id: string) => served.connects(id, IMAGE, `host-${one}.example.com`, 443)],
  ] as const)('holds 100,000 %s of one workload in bounded room, and is not sure of it', async (_, dimension, make) => {
    const all = replicas(3);
    await served.live(120, all, IMAGE);
    let next = 0;
    await served.live(500, all, IMAGE, (minute) =>
      Array.from({ length: 200 }, () => make(word(next++), all[minute % 3] as string)),
    );
    expect(next).toBe(100_000);
    expect(await served.size()).toBeLessThan(LARGEST_STATE);
    const profile = await served.profile();
    expect(settled(profile, dimension).isSettled).toBe(false);
    expect(JSON.stringify(profile).length).toBeLessThan(4 * LARGEST_STATE);
    await served.store.ingest.compact();
    expect((await served.store.ingest.profile(ServedWorkload.subject))?.behaviours.length).toBeLessThanOrEqual(
      MOST_KEPT,
    );
    expect(await served.store.behaviour.journal('', new Set(), 10, 1e6)).toEqual([]);
    // What an attacker does beside the noise is told.
    await served.send([served.starts('server-0', IMAGE, '/tmp/x', '/bin/sh', false)]);
    expect(told()).toContain('/tmp/x');
  });

  it.each([
    ['ahead by a year', 525_600],
    ['back by a year', -525_600],
    ['back to before there were clocks', -29_000_000],
  ])('takes a clock that is set %s, and back again, for no time that was watched', async (_, minutes) => {
    const all = replicas(2);
    await served.live(60, all, IMAGE);
    const before = settled(await served.profile(), 'exec').minutes;
    for (let round = 0; round < 5; round++) {
      served.setClock(minutes);
      await served.live(10, all, IMAGE);
      served.setClock(0);
      await served.live(10, all, IMAGE);
    }
    const after = await served.profile();
    expect(settled(after, 'exec').minutes - before).toBeLessThanOrEqual(5 * 20 * all.length);
    expect(after.dimensions.filter(({ isSettled }) => isSettled)).toEqual([]);
    expect(told()).toEqual([]);
    expect(await served.size()).toBeLessThan(LARGEST_STATE);
  });

  it('counts no minute in which events were lost, and says how many there were', async () => {
    await served.live(20 * 60, replicas(2), IMAGE, (minute) => (minute % 60 === 59 ? [served.lost(59)] : []));
    const exec = settled(await served.profile(), 'exec');
    expect(exec.isSettled).toBe(false);
    expect(exec.minutes).toBeLessThanOrEqual(2 * 20 * 2);
    expect(exec.partialMinutes).toBeGreaterThan(2 * 19 * 58);
  });

  it('takes hours of which nothing came for nothing that was watched', async () => {
    await served.live(60, replicas(2), IMAGE);
    served.pause(500);
    await served.live(60, replicas(2), IMAGE);
    const exec = settled(await served.profile(), 'exec');
    expect(exec.minutes).toBeLessThanOrEqual(2 * 125);
    expect(exec.isSettled).toBe(false);
  });

  it('tells nothing of a roll-back, and of what neither release explains all', async () => {
    const next = 'shop/server:2';
    await served.build(next, '/usr/bin/indexer');
    await served.live(600, replicas(4), IMAGE);
    const later = ['server-b0', 'server-b1'];
    await served.live(60, later, next, () => [served.starts('server-b0', next, '/usr/bin/indexer')]);
    await served.live(60, ['server-c0', 'server-c1'], IMAGE);
    expect(told()).toEqual([]);
    await served.send([served.connects('server-c0', IMAGE, 'pool.example.com', 443)]);
    expect(told()).toEqual(['pool.example.com:443/TCP']);
    const { releases } = await served.profile();
    expect(releases.map(({ facts }) => facts.id).sort()).toEqual([IMAGE, next]);
    expect(objects(releases.find(({ facts }) => facts.id === next)?.explained ?? [])).toEqual(['/usr/bin/indexer']);
  });

  it('explains of two releases at once each only what its own replicas do', async () => {
    const next = 'shop/server:2';
    await served.build(next, '/usr/bin/indexer');
    await served.live(600, replicas(4), IMAGE);
    const both = (minute: number): RuntimeEvent[] => [
      ...(minute % 5 === 0 ? served.usual('server-b0', next) : []),
      served.starts('server-b0', next, '/usr/bin/indexer'),
    ];
    await served.live(30, replicas(4), IMAGE, both);
    expect(told()).toEqual([]);
    await served.send([served.starts('server-0', IMAGE, '/usr/bin/indexer', '/bin/sh')]);
    expect(told()).toEqual(['/usr/bin/indexer']);
  });

  it('forgets nothing with a release every ten minutes, and lets none of them explain what it does not bring', async () => {
    const all = replicas(4);
    await served.live(360, all, IMAGE);
    for (let release = 2; release < 120; release++) {
      const image = `shop/server:${release}`;
      await served.build(image, `/usr/bin/tool-${word(release)}`);
      const own = [`server-r${release}a`, `server-r${release}b`];
      await served.live(10, own, image, (minute) =>
        minute === 5 ? [served.starts(own[0] as string, image, `/usr/bin/tool-${word(release)}`)] : [],
      );
    }
    expect(told()).toEqual([]);
    const last = 'shop/server:119';
    await served.send([served.connects('server-r119a', last, 'pool.example.com', 443)]);
    expect(told()).toEqual(['pool.example.com:443/TCP']);
    expect(await served.size()).toBeLessThan(LARGEST_STATE);
  });

  it('never learns what an attacker does who was there from the first second, however often and wherever', async () => {
    const all = replicas(3);
    const deeds = (replica: string): RuntimeEvent[] => [
      served.starts(replica, IMAGE, '/tmp/x', '/bin/sh', false),
      served.opens(replica, IMAGE, '/root/.ssh/id_rsa', '/bin/cat'),
      served.at(replica, IMAGE, {
        ...{ type: 'namespace', call: 'unshare', callArguments: 'user mount' },
        process: { path: '/tmp/x', arguments: '', inImage: false },
      }),
    ];
    await served.live(3 * 24 * 60, all, IMAGE, (minute) => (minute % 30 === 0 ? all.flatMap(deeds) : []));
    const profile = await served.profile();
    expect(new Set(told())).toEqual(new Set(['/tmp/x', '/root/.ssh/id_rsa', 'unshare user mount']));
    const known = objects(profile.behaviours);
    for (const object of ['/tmp/x', '/root/.ssh/id_rsa', 'unshare user mount']) expect(known).not.toContain(object);
    expect(new Set(objects(profile.pending))).toEqual(new Set(['/tmp/x', '/root/.ssh/id_rsa', 'unshare user mount']));
    expect(profile.pending.map(({ held }) => held)).toEqual(profile.pending.map(() => 'never'));
  });
});
