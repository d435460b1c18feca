import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIngest } from '@breakwater/app/ingest';
import { openLearner, openLocalLearning } from '@breakwater/app/profiles';
import { behavioursOf } from '@breakwater/engine/behaviour';
import type { RuntimeEvent } from '@breakwater/model';
import { afterAll, describe, expect, it } from 'vitest';
import { type EstateStore, openStore } from './open-store.ts';

const START = Date.parse('2026-02-01T00:00:00.000Z');
const NOW = START + 1_000_000 * 60_000;
const SUBJECT = 'shop/Deployment/cart';
const at = (minute: number) => new Date(START + minute * 60_000).toISOString();
const pod = { namespace: 'shop', name: 'cart-5d4f8b7c9d-x2lkp', labels: {} };

function event(minute: number, id: string, more: Partial<RuntimeEvent>): RuntimeEvent {
  const container = { id, name: 'web', image: 'shop/cart:1' };
  return { source: 'sensor', node: 'n1', time: at(minute), type: 'resource', pod, container, ...more };
}

const starts = (minute: number, id: string, path: string, parent = '/app'): RuntimeEvent =>
  event(minute, id, {
    type: 'exec',
    process: { path, arguments: '', inImage: true },
    parent: { path: parent, arguments: '' },
  });

/** Two replicas that start, and are watched for an hour. */
const anHour = ['a', 'b'].flatMap((id) => [
  starts(0, id, '/app', ''),
  event(60, id, { since: at(0), usage: { cpu: 1 } }),
]);

const alert = (enforcement: 'audit' | 'warn', more: object = {}): RuntimeEvent =>
  event(62, 'a', {
    type: 'alert',
    alert: { rule: 'shell', priority: 'Critical', message: 'a shell', tags: [], enforcement, ...more },
  });

/** The same events on either way: sent to a server, or learned on the host itself. */
const WAYS: [string, (store: EstateStore, batches: RuntimeEvent[][]) => Promise<void>][] = [
  [
    'a server',
    async (store, batches) => {
      // Batches come one after the other.
      let time = NOW;
      const now = () => time++;
      const learner = openLearner({ store: store.behaviour, now, report: (line) => console.error(line) });
      const ingest = openIngest(store.ingest, now, () => {});
      for (const batch of batches)
        await ingest.take({
          key: '',
          sender: 'east',
          sensor: 's',
          text: batch.map((one) => JSON.stringify(one)).join('\n'),
        });
      await ingest.close();
      await learner.close();
    },
  ],
  [
    'a host by itself',
    async (store, batches) => {
      for (const batch of batches) {
        const { behaviour, ingest } = store;
        const learning = openLocalLearning({
          ...{ store: behaviour, ingest, node: 'n1', now: () => NOW },
          report: (line) => console.error(line),
        });
        for (const one of batch) learning.take(one);
        await learning.close();
      }
    },
  ],
];

describe.each(WAYS)('learning on %s', (way, learn) => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-learning-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let count = 0;
  async function learned(batches: RuntimeEvent[][], before = async (_: EstateStore): Promise<void> => {}) {
    const tenant = `${way}-${++count}`;
    const store = await openStore({ path: join(folder, 'store.sqlite'), tenant });
    await before(store);
    await learn(store, batches);
    const profile = await store.behaviour.describe(SUBJECT, 'web');
    const plain = await store.ingest.profile(SUBJECT);
    await store.close();
    const known = profile?.behaviours.map(({ behaviour: { object } }) => object) ?? [];
    return { known, profile, plain };
  }

  it('does not learn what is new on a replica about which a policy raised an alert, before it or after', async () => {
    const around = [starts(61, 'a', '/usr/bin/ls'), starts(63, 'a', '/usr/bin/ps'), starts(63, 'b', '/usr/bin/env')];
    const { known } = await learned([anHour, [...around, alert('warn')]]);
    expect(known).toContain('/usr/bin/env');
    expect(known).not.toContain('/usr/bin/ls');
    expect(known).not.toContain('/usr/bin/ps');
    // The alert may come with a later batch than what it makes doubtful.
    expect((await learned([anHour, around, [alert('warn')]])).known).not.toContain('/usr/bin/ls');
  });

  it.each([
    ['is only audited', alert('audit')],
    ['an exception covers', alert('warn', { exception: 'known' })],
  ])('learns on beside an alert that %s', async (_, raised) => {
    const around = [starts(61, 'a', '/usr/bin/ls'), starts(63, 'a', '/usr/bin/ps')];
    const { known } = await learned([anHour, [...around, raised]]);
    expect(known).toEqual(expect.arrayContaining(['/usr/bin/ls', '/usr/bin/ps']));
  });

  it('knows of what was never done that it was not, where a source said that it would tell of it', async () => {
    const watch = event(0, 'a', { type: 'watch', watch: { dimensions: ['exec', 'capability'], isWhole: true } });
    const later = event(70, 'a', { since: at(60), usage: { cpu: 1 } });
    const onlyA = anHour.filter(({ container }) => container?.id === 'a');
    // What was said once holds for what is told later, whoever learns it then.
    const { profile, plain } = await learned([[watch, ...onlyA], [later]]);
    const minutes = (name: string) => profile?.dimensions.find(({ dimension }) => dimension === name)?.minutes;
    expect([minutes('exec'), minutes('capability'), minutes('open')]).toEqual([70, 70, 0]);
    expect(plain?.dimensions).toEqual(['exec', 'capability']);
    const unsaid = await learned([onlyA]);
    expect(unsaid.plain?.dimensions).toEqual(['exec']);
    expect(unsaid.profile?.dimensions.find(({ dimension }) => dimension === 'capability')?.minutes).toBe(0);
    // Another sensor there, which says nothing of it, may have missed it.
    const other = { ...starts(3, 'b', '/usr/bin/env'), node: 'n2' };
    expect((await learned([[watch, ...onlyA, other]])).plain?.dimensions).toEqual(['exec']);
  });

  it('begins with what was recorded of an image', async () => {
    const imageDigest = `sha256:${'1'.repeat(64)}`;
    const migrate = { ...starts(0, 'a', '/usr/bin/migrate') };
    migrate.container = { ...migrate.container, imageDigest };
    const [behaviour] = behavioursOf(migrate);
    const recorded = { subject: 'shop/cart:1', origin: 'recorded', partial: false, dimensions: ['exec'] } as const;
    const { profile } = await learned([[migrate]], (store) =>
      store.behaviour.writeRecorded([imageDigest], {
        ...{ ...recorded, dimensions: [...recorded.dimensions] },
        behaviours: behaviour === undefined ? [] : [behaviour],
      }),
    );
    const known = profile?.behaviours.find((one) => one.behaviour.object === '/usr/bin/migrate');
    expect(known?.origin).toBe('recorded');
  });
});
