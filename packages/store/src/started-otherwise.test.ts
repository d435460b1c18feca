import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalLearning } from '@breakwater/app/profiles';
import type { RuntimeEvent } from '@breakwater/model';
import { afterAll, expect, it } from 'vitest';
import { openStore } from './open-store.ts';

const START = Date.parse('2026-02-01T00:00:00.000Z');
const at = (minute: number) => new Date(START + minute * 60_000).toISOString();
const folder = mkdtempSync(join(tmpdir(), 'breakwater-started-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Settings = NonNullable<NonNullable<RuntimeEvent['watch']>['settings']>;
const event = (minute: number, id: string, more: Partial<RuntimeEvent>): RuntimeEvent => ({
  ...{ source: 'sensor', node: 'n1', time: at(minute), type: 'exec' },
  container: { id, name: 'web', image: 'shop/web:1' },
  process: { path: '/app', arguments: '', inImage: true },
  ...more,
});
const begins = (minute: number, id: string, settings: Settings): RuntimeEvent[] => [
  event(minute, id, { type: 'watch', watch: { dimensions: ['exec', 'open'], isWhole: true, settings } }),
  event(minute, id, {}),
];

it('takes a container that comes back otherwise for a release that differs, on a host by itself too', async () => {
  const store = await openStore({ path: join(folder, 'store.sqlite') });
  const learn = async (...events: RuntimeEvent[]): Promise<void> => {
    const learning = openLocalLearning({
      ...{ store: store.behaviour, ingest: store.ingest, node: 'n1', now: () => START + 1e9 },
      report: (line) => {
        throw new Error(line);
      },
    });
    for (const one of events) learning.take(one);
    await learning.close();
  };
  const releases = async () => (await store.behaviour.describe('shop/web:1'))?.releases ?? [];
  const usual = { arguments: ['/app', '--id=7'], environment: ['PATH', 'MODE'], limits: { memory: 1024 } };
  await learn(...begins(0, 'a', usual), ...begins(1, 'b', { ...usual, arguments: ['/app', '--id=8'] }));
  expect((await releases()).length).toBe(1);

  const other = { arguments: ['/app', '--debug'], environment: ['PATH', 'MODE', 'FEATURE'], limits: { memory: 2048 } };
  await learn(...begins(10, 'c', other));
  const told = (await releases()).at(-1)?.difference?.changes.map(({ kind, change, name }) => [kind, change, name]);
  expect(told).toEqual([
    ['entrypoint', 'altered', '/app --debug'],
    ['environment', 'added', 'FEATURE'],
    ['limit', 'altered', 'memory'],
  ]);

  // What is told later, without saying again how it was started, is of the release that it is of.
  await learn(event(20, 'a', {}), event(20, 'c', { process: { path: '/tool', arguments: '', inImage: true } }));
  const after = await releases();
  expect(after.map(({ replicas }) => replicas)).toEqual([2, 1]);
  expect(after.map(({ last }) => last)).toEqual([at(20), at(20)]);
  await store.close();
});
