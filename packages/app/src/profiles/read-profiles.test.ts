import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProfiles } from './read-profiles.ts';

const EXEC = {
  source: 'sensor',
  type: 'exec',
  time: '2026-11-22T10:00:00Z',
  container: { name: 'web', image: 'registry.example/web:1' },
  process: { path: '/bin/web', arguments: '', uid: 101, inImage: true },
};

describe('profiles of files', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-profiles-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, content: object[] | string): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : content.map((one) => JSON.stringify(one)).join('\n'));
    return path;
  };

  it('are one for each container of each workload, with how often each thing was seen', async () => {
    const pod = { namespace: 'shop', name: 'web-1', labels: {} };
    const other = { ...EXEC, pod, container: { name: 'proxy' } };
    const { profiles } = await readProfiles([file('events', [EXEC, EXEC, { ...EXEC, pod }, other])]);
    expect(profiles.map(({ profile }) => [profile.subject, profile.container])).toEqual([
      ['registry.example/web:1', 'web'],
      ['shop/Pod/web-1', 'web'],
      ['shop/Pod/web-1', 'proxy'],
    ]);
    expect(profiles[0]?.recorded.map(({ behaviour, count }) => [behaviour.object, count])).toEqual([
      ['/bin/web', 2],
      ['uid 101', 2],
    ]);
  });

  it('are read again from a list of them', async () => {
    const other = { ...EXEC, container: { name: 'proxy', image: 'registry.example/web:1' } };
    const { profiles } = await readProfiles([file('events', [EXEC, other])]);
    const path = file('list', JSON.stringify(profiles.map(({ profile }) => profile)));
    const again = await readProfiles([path]);
    expect(again.profiles.map(({ profile }) => profile)).toEqual(profiles.map(({ profile }) => profile));
  });

  it('are of the workload that events, a manifest or the name of the pod tell, in this order', async () => {
    const of = (more: object) => ({ ...EXEC, pod: { namespace: 'shop', labels: {}, ...more } });
    const named = of({ name: 'cart-7d9f8b6c5d-x2x4z' });
    const path = file('owned', [
      named,
      of({ name: 'cart-7d9f8b6c5d-k2x4z' }),
      of({ name: 'db-0', workload: 'db', workloadKind: 'StatefulSet' }),
    ]);
    const subjects = async (options = {}) =>
      (await readProfiles([path], options)).profiles.map(({ profile }) => profile.subject);
    expect(await subjects()).toEqual(['shop/Deployment/cart', 'shop/StatefulSet/db']);
    expect(await subjects({ ownerOf: () => 'shop/Rollout/cart' })).toEqual([
      'shop/Rollout/cart',
      'shop/StatefulSet/db',
    ]);
  });

  it('hold nothing that was stopped, and are partial where events were lost', async () => {
    const stopped = { ...EXEC, process: { path: '/tmp/x', arguments: '', inImage: false }, prevention: 'stopped' };
    const lost = { source: 'sensor', type: 'loss', time: '2026-11-22T10:00:01Z', lost: 3, call: 'exec' };
    const later = { ...EXEC, container: { name: 'later', image: 'later' } };
    const { profiles } = await readProfiles([file('events', [EXEC, stopped, lost, later])]);
    expect(profiles.map(({ profile }) => profile.partial)).toEqual([true, true]);
    expect(profiles[0]?.profile.behaviours.map(({ object }) => object)).toEqual(['/bin/web', 'uid 101']);
  });

  it('tell of lines that cannot be read, and go on', async () => {
    const { profiles, unknowns } = await readProfiles([
      file('events', `${JSON.stringify(EXEC)}\n{"source":"sens\n${JSON.stringify(EXEC)}\n`),
    ]);
    expect(profiles[0]?.recorded[0]?.count).toBe(2);
    expect(unknowns).toHaveLength(1);
  });

  it('keep apart names that mean something to JavaScript', async () => {
    const strange = ['__proto__', 'constructor'].map((name) => ({ ...EXEC, container: { name, image: name } }));
    const { profiles } = await readProfiles([file('events', strange)]);
    expect(profiles.map(({ profile }) => profile.subject)).toEqual(['__proto__', 'constructor']);
  });

  it.each([
    ['nothing of the kind', 'hello'],
    ['a profile that is none', '{"subject":"x","behaviours":[{"dimension":"fly"}]}'],
    ['an empty file', ''],
  ])('are refused for %s', async (_, content) => {
    await expect(readProfiles([file('events', content)])).rejects.toMatchObject({ code: 'profile-invalid' });
  });

  const learned = (name: string): object => ({
    version: 1,
    subject: `shop/Deployment/${name}`,
    budget: { alerts: 1, hours: 6 },
    dimensions: [],
    behaviours: [
      {
        behaviour: { dimension: 'exec', actor: '', object: '/bin/web' },
        ...{ key: 'k', origin: 'accepted', incidences: 7, replicas: 1, days: 1, releases: [] },
        expires: '2026-11-23T00:00:00Z',
      },
    ],
    pending: [],
    releases: [],
    resources: [],
    growth: [],
  });

  it('are what was learned, one or a list, without what nobody answers for any more', async () => {
    const paths = [file('one', [learned('web')]), file('list', JSON.stringify([learned('a'), learned('b')]))];
    const { profiles } = await readProfiles(paths, { now: '2026-11-22T00:00:00Z' });
    expect(profiles.map(({ profile }) => profile.subject)).toEqual([
      'shop/Deployment/web',
      'shop/Deployment/a',
      'shop/Deployment/b',
    ]);
    expect(profiles[0]).toMatchObject({ recorded: [{ count: 7 }], learned: { version: 1 } });
    const later = await readProfiles(paths, { now: '2026-11-24T00:00:00Z' });
    expect(later.profiles[0]?.profile.behaviours).toEqual([]);
  });
});
