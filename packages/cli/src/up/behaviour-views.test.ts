import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIncidents } from '@breakwater/app/incidents';
import { openIngest } from '@breakwater/app/ingest';
import { openLearner } from '@breakwater/app/profiles';
import { openJournal } from '@breakwater/app/respond';
import { IncidentQuery, ProfileQuery, type RuntimeEvent } from '@breakwater/model';
import type { IncidentService, ProfileService } from '@breakwater/server';
import { type EstateStore, openStore } from '@breakwater/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBehaviourViews } from './behaviour-views.ts';

const CART = 'shop/Deployment/cart';
const POD = 'cart-5d4f8b7c9d-x2lkp';
const START = Date.now() - 2 * 3_600_000;
const at = (minute: number): string => new Date(START + minute * 60_000).toISOString();
const NEXT_YEAR = `${new Date().getUTCFullYear() + 1}-12-31`;

function event(minute: number, path: string, more: Partial<RuntimeEvent> = {}): RuntimeEvent {
  return {
    source: 'sensor',
    node: 'node-7',
    time: at(minute),
    type: 'exec',
    pod: { namespace: 'shop', name: POD, labels: {} },
    container: { id: 'c'.repeat(64), name: 'cart', image: 'shop/cart:1', imageDigest: `sha256:${'1'.repeat(64)}` },
    process: { path, arguments: '', inImage: true, pid: 70, executionId: `e:${path}` },
    parent: { path: '/usr/sbin/nginx', arguments: '', pid: 1, executionId: 'e:nginx' },
    ...more,
  };
}

describe('views of behaviour', () => {
  let folder = '';
  let store: EstateStore;
  let profiles: ProfileService;
  let incidents: IncidentService;
  let end: () => Promise<void> = async () => {};
  /** Has what was learned written down now: that happens once a minute, and after every word. */
  let keepLearned: () => Promise<void> = async () => {};

  /** All that a server has: what takes events, what learns, and what tells incidents. */
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-views-'));
    store = await openStore({ path: join(folder, 'store.sqlite') });
    const learner = openLearner({
      store: store.behaviour,
      now: Date.now,
      report: (line) => console.error(line),
    });
    const ingest = openIngest(store.ingest, Date.now, (line) => console.error(line));
    const telling = openIncidents({
      incidents: store.incidents,
      now: Date.now,
      knownOf: async () => ({ facts: [], unknowns: [] }),
      subjectsAt: () => [],
      report: (line) => console.error(line),
    });
    keepLearned = async () => {
      const [summary] = (await profiles.list(ProfileQuery.parse({}))).items;
      if (summary === undefined) await store.behaviour.say({ kind: 'letGo', incident: 'none' });
      await learner.turn();
    };
    end = async () => {
      await telling.close();
      await ingest.close();
      await learner.close();
    };
    const invocation = { state: folder } as Parameters<typeof openBehaviourViews>[0]['invocation'];
    ({ profiles, incidents } = openBehaviourViews({
      store,
      invocation,
      paths: [],
      clusters: { kubeconfigs: [join(folder, 'no-kubeconfig')] },
    }));
    const events = [event(1, '/bin/worker'), event(2, '/bin/worker'), event(3, '/bin/sh')];
    const text = events.map((one) => JSON.stringify(one)).join('\n');
    await ingest.take({ key: '', sender: 'test', sensor: '', text });
    await learner.turn();
    await store.incidents.addSigns([
      {
        kind: 'alert',
        subject: CART,
        container: 'cart',
        event: {
          ...event(3, '/bin/sh'),
          type: 'alert',
          alert: { rule: 'terminal-shell', priority: 'Error', message: 'a shell', tags: ['T1059.004'], about: 'exec' },
        },
      },
    ]);
    await telling.turn();
  });
  afterEach(async () => {
    await end();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('list how far each container is known, and answer for one of them', async () => {
    await keepLearned();
    const { items, total } = await profiles.list(ProfileQuery.parse({ subject: CART }));
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({ subject: CART, container: 'cart', image: `sha256:${'1'.repeat(64)}` });
    const profile = await profiles.profile(CART, undefined);
    const done = [...(profile?.behaviours ?? []), ...(profile?.pending ?? [])].map(({ behaviour }) => behaviour.object);
    expect(done).toEqual(expect.arrayContaining(['/bin/worker', '/bin/sh']));
    expect((await profiles.list(ProfileQuery.parse({ namespace: 'elsewhere' }))).total).toBe(0);
    expect(await profiles.profile('shop/Deployment/nobody', undefined)).toBeUndefined();
  });

  it('compare nothing where there is one release', async () => {
    await keepLearned();
    await expect(profiles.compare(CART, {})).rejects.toMatchObject({ code: 'releases-too-few' });
  });

  it('take what a person holds back out of what is known, and in again when somebody answers for it', async () => {
    await keepLearned();
    const before = await profiles.profile(CART, 'cart');
    const [one] = [...(before?.pending ?? []), ...(before?.behaviours ?? [])].filter(
      ({ behaviour }) => behaviour.object === '/bin/sh',
    );
    const word = { container: 'cart', keys: [one?.key ?? ''], owner: 'team shop', reason: 'no shells here' };
    const held = await profiles.hold(CART, word);
    expect(held?.pending).toMatchObject([{ held: 'never', reason: 'held by team shop: no shells here' }]);
    const accepted = await profiles.accept(CART, { ...word, reason: 'the new check', expires: NEXT_YEAR });
    expect(accepted?.pending).toEqual([]);
    expect(accepted?.behaviours.find(({ key }) => key === one?.key)).toMatchObject({
      origin: 'accepted',
      reason: 'team shop: the new check',
    });
  });

  it('refuse words about what nobody did, and for days that are over', async () => {
    await keepLearned();
    const word = { container: 'cart', keys: ['k'], owner: 'team shop', reason: 'a new check' };
    await expect(profiles.hold(CART, word)).rejects.toMatchObject({ code: 'behaviour-unknown' });
    await expect((async () => profiles.accept(CART, { ...word, expires: '2026-01-01' }))()).rejects.toMatchObject({
      code: 'expiry-over',
    });
    expect(await profiles.hold('shop/Deployment/nobody', word)).toBeUndefined();
  });

  it('tell incidents, say what cannot be done about them and why, and close them', async () => {
    const [summary] = (await incidents.list(IncidentQuery.parse({ status: 'open' }))).items;
    const id = summary?.id ?? '';
    const incident = await incidents.incident(id);
    expect(incident).toMatchObject({ subjects: [CART], status: 'open' });
    const { options, unavailable } = (await incidents.containment(id)) ?? {};
    expect(options).toEqual([]);
    expect(unavailable?.map((one) => one.id).join(', ')).toBe(
      [
        `quarantine shop/${POD}, delete-pod shop/${POD}, cordon node-7`,
        `scale-to-zero ${CART}, snapshot cccccccccccc, kill-process 70`,
      ].join(', '),
    );
    const closed = await incidents.close(id, { reason: 'it was the test' });
    expect(closed?.status).toBe('closed');
    expect(closed?.entries.at(-1)?.sentence).toContain('it was the test');
    expect((await incidents.list(IncidentQuery.parse({}))).open).toBe(0);
  });

  it('do nothing that is not of the incident, and write nothing down that was not begun', async () => {
    const [summary] = (await incidents.list(IncidentQuery.parse({}))).items;
    const asked = { option: 'scale-to-zero shop/Deployment/other', reason: 'it is tested' };
    await expect(incidents.contain(summary?.id ?? '', asked)).rejects.toMatchObject({ code: 'option-unknown' });
    expect(openJournal(folder).entries()).toEqual([]);
  });

  it('know no incident of another id', async () => {
    expect(await incidents.incident('none')).toBeUndefined();
    expect(await incidents.containment('none')).toBeUndefined();
    expect(await incidents.close('none', { reason: 'it is over' })).toBeUndefined();
    expect(await incidents.contain('none', { option: 'x', reason: 'it is tested' })).toBeUndefined();
  });

  it('cover by a word what it names, until its day', async () => {
    const [summary] = (await incidents.list(IncidentQuery.parse({}))).items;
    const expected = await incidents.expect(summary?.id ?? '', {
      owner: 'team shop',
      reason: 'we looked in',
      expires: NEXT_YEAR,
      keys: [],
      policies: ['terminal-shell'],
    });
    expect(expected).toMatchObject({
      status: 'expected',
      feedback: [{ owner: 'team shop', policies: ['terminal-shell'] }],
    });
    const [kept] = await store.incidents.exceptions();
    expect(kept?.exception.spec).toMatchObject({
      policies: ['terminal-shell'],
      owner: 'team shop',
      expires: NEXT_YEAR,
    });
  });
});
