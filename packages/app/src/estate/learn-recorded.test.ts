import { workloadsOf } from '@breakwater/engine/inventory';
import type { Behaviour, ManifestObject, RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { learnRecorded } from './learn-recorded.ts';

const START = Date.parse('2026-02-01T00:00:00.000Z');
type Dimension = Behaviour['dimension'];
const at = (minute: number) => new Date(START + minute * 60_000).toISOString();
const pod = { namespace: 'shop', name: 'cart-0', workload: 'cart', workloadKind: 'Deployment', labels: {} };
const containers = [{ name: 'web', image: 'shop/cart:1' }];
const template = { metadata: { labels: { app: 'cart' } }, spec: { containers } };
const cart: ManifestObject = {
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart', cluster: 'default' },
  place: { source: 'cart.yaml' },
  object: {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'cart', namespace: 'shop' } },
    spec: { selector: { matchLabels: { app: 'cart' } }, template },
  },
};

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

function learned(events: RuntimeEvent[]) {
  const learning = learnRecorded(workloadsOf([cart]).workloads);
  for (const one of events) learning.add(one);
  const [profile] = learning.learned(at(100));
  return {
    known: profile?.behaviours.map(({ behaviour: { object } }) => object) ?? [],
    minutes: (name: string) => profile?.dimensions.find(({ dimension }) => dimension === name)?.minutes,
  };
}

describe('learning from a recording', () => {
  const begun = ['a', 'b'].map((id) => starts(0, id, '/app', ''));
  const around = [starts(61, 'a', '/usr/bin/ls'), starts(63, 'a', '/usr/bin/ps'), starts(63, 'b', '/usr/bin/env')];
  const alert = (enforcement?: 'audit'): RuntimeEvent =>
    event(62, 'a', {
      type: 'alert',
      alert: { rule: 'shell', priority: 'Critical', message: 'a shell', tags: [], ...(enforcement && { enforcement }) },
    });

  it('does not learn what is new on a replica about which a grave alert was raised', () => {
    const { known } = learned([...begun, ...around.slice(0, 1), alert(), ...around.slice(1)]);
    expect(known).toContain('/usr/bin/env');
    expect(known).not.toContain('/usr/bin/ls');
    expect(known).not.toContain('/usr/bin/ps');
    expect(learned([...begun, ...around, alert('audit')]).known).toEqual(
      expect.arrayContaining(['/usr/bin/ls', '/usr/bin/ps']),
    );
  });
});

describe('what a source says that it tells of every time', () => {
  const watch = (id: string, dimensions: Dimension[]): RuntimeEvent =>
    event(0, id, { type: 'watch', watch: { dimensions, isWhole: true } });
  const hour = (id: string): RuntimeEvent[] => [starts(0, id, '/app', ''), event(60, id, {})];

  it('counts as watched, though nothing of it was ever done', () => {
    const { minutes } = learned([watch('a', ['exec', 'capability']), ...hour('a'), ...hour('b')]);
    expect([minutes('exec'), minutes('capability')]).toEqual([122, 61]);
    expect(learned(hour('a')).minutes('capability')).toBe(0);
  });

  it('is what it said each time that it began', () => {
    const { minutes } = learned([watch('a', ['exec', 'capability']), watch('a', ['exec']), ...hour('a')]);
    expect([minutes('exec'), minutes('capability')]).toEqual([61, 0]);
  });
});
