import { behaviourKey, behavioursOf } from '@breakwater/engine/behaviour';
import type { RuntimeEvent } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventFolder } from './fold-events.ts';
import { BehaviourMemory } from './known-deeds.ts';
import { issueSensorKey, openKeyRing } from './sensor-keys.ts';

const NOW = '2026-03-01T00:00:00.000Z';
const text = fc.constantFrom('/bin/a', '/bin/b', '/etc/passwd', '/tmp/x', '');
const program = fc.record(
  {
    ...{ path: text, arguments: fc.constant(''), uid: fc.constantFrom(0, 7) },
    ...{ applet: fc.constantFrom('cat', 'sh'), inImage: fc.boolean(), fileless: fc.boolean() },
  },
  { requiredKeys: ['path', 'arguments'] },
);
const anyEvent: fc.Arbitrary<RuntimeEvent> = fc.record(
  {
    source: fc.constant('sensor' as const),
    time: fc.constantFrom('2026-02-01T00:00:00.000Z', '2026-02-02T00:00:00.000Z'),
    type: fc.constantFrom(
      'exec',
      'open',
      'change',
      'connect',
      'accept',
      'listen',
      'syscall',
      'privilege',
      'mount',
      'exit',
    ),
    container: fc.constant({ image: 'a' }),
    process: program,
    parent: program,
    file: fc.record({ path: text, access: fc.constantFrom('read' as const, 'write' as const) }),
    peer: fc.record({
      address: fc.constantFrom('10.0.0.1', '192.0.2.1'),
      port: fc.constantFrom(80, 443),
      protocol: fc.constantFrom('TCP', 'UDP'),
    }),
    local: fc.record({ address: fc.constant('::'), port: fc.constantFrom(80, 443) }),
    call: fc.constantFrom('rename', 'setuid', 'mount', 'bpf', 'CAP_NET_RAW'),
    callArguments: fc.constantFrom('0', 'proc'),
    failure: fc.constantFrom('EPERM'),
  },
  { requiredKeys: ['source', 'time', 'type', 'container'] },
);

describe('folding events', () => {
  it('counts the behaviours that each event by itself shows, none more and none less', () => {
    const remembered = new BehaviourMemory();
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        const folder = new EventFolder(NOW, remembered);
        for (const event of events) folder.add({ ...event });
        const counted = folder
          .end()
          .delta.behaviours.flatMap(({ key, count }) => Array.from({ length: count }, () => key));
        expect(counted.sort()).toEqual(events.flatMap(behavioursOf).map(behaviourKey).sort());
      }),
      { numRuns: 300 },
    );
  });

  it('tells what alerts of a minute are about: rule and deed, and that nobody can say', () => {
    const folder = new EventFolder(NOW, new BehaviourMemory());
    const event: RuntimeEvent = {
      ...{ source: 'sensor', type: 'alert', time: '2026-02-01T00:00:30.000Z', container: { image: 'a', id: 'c1' } },
      ...{ process: { path: '/bin/sh', arguments: '-i' }, peer: { address: '192.0.2.1', port: 443, protocol: 'TCP' } },
    };
    const alert = { rule: 'reverse-shell', priority: 'Critical', message: '', tags: [] };
    const raised = (change: object): void =>
      void folder.add({ ...event, alert: { ...alert, about: 'connect', enforcement: 'warn', ...change } });
    raised({});
    raised({});
    raised({ rule: 'other' });
    raised({ rule: 'audited', enforcement: 'audit' });
    raised({ about: undefined });
    folder.add({ ...event, time: '2026-01-31T23:59:59.000Z', alert: { ...alert, about: 'exit' } });
    const [key] = behavioursOf({ ...event, type: 'connect' }).map(behaviourKey);
    expect(folder.end().delta.replicas[0]!.alerts).toEqual([
      { minute: '2026-01-31T23:59', about: [''] },
      { minute: '2026-02-01T00:00', about: [`reverse-shell ${key}`, `other ${key}`, ''] },
    ]);
  });

  it('tells programs of one file apart: what one does is not what another does', () => {
    const remembered = new BehaviourMemory();
    const told = ['cat', 'head', undefined].map((applet) => {
      const process = { path: '/bin/busybox', arguments: '', ...(applet !== undefined && { applet }) };
      const file = { path: '/etc/shadow', access: 'read' as const };
      return remembered.behavioursOf({ source: 'sensor', time: NOW, type: 'open', process, file })[0]?.behaviour.applet;
    });
    expect(told).toEqual(['cat', 'head', undefined]);
  });
});

describe('keys of sensors', () => {
  it('open for their own secret only, until they are revoked', async () => {
    const { text: secret, key } = issueSensorKey('east', NOW);
    let now = 0;
    let asked = 0;
    const kept = { ...key };
    const keys = async () => {
      asked += 1;
      return [{ ...kept }];
    };
    const ring = openKeyRing({ keys }, () => now);
    expect(await ring.verify(secret)).toMatchObject({ name: 'east' });
    for (const wrong of ['', 'bws_', secret.slice(0, -1), `${secret}x`, issueSensorKey('east', NOW).text])
      expect(await ring.verify(wrong)).toBe('unknown');
    expect(asked).toBe(1);
    kept.revokedAt = NOW;
    now = 5_000;
    expect(await ring.verify(secret)).toBe('revoked');
    expect(JSON.stringify(key)).not.toContain(secret.slice(-43));
  });
});
