import type { Component, Image, Observation, RuntimeEvent } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEvidenceCollector, evidenceOf, mergeObservations, observationOf } from './index.ts';

/** All events at once; `before` is what earlier ones gave. */
function collectEvidence(events: Iterable<RuntimeEvent>, before: readonly Observation[] = []): Observation[] {
  const collector = createEvidenceCollector(before);
  for (const event of events) collector.add(event);
  return collector.observations();
}

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const START = Date.parse('2026-11-01T00:00:00.000Z');
const NOW = '2026-11-04T00:00:00.000Z';
const at = (hour: number) => new Date(START + hour * 3_600_000).toISOString();

function component(id: string, files: string[], more: Partial<Component> = {}): Component {
  const defaults = {
    version: '1',
    purl: id,
    licences: [],
    path: '/x',
    development: false,
  };
  return { id, type: 'deb', name: id, scope: 'installed', ...defaults, files, ...more };
}

const components = [
  component('nginx', ['/usr/sbin/nginx']),
  component('libssl3', ['/usr/lib/x86_64-linux-gnu/libssl.so.3']),
  component('libidle', ['/usr/lib/x86_64-linux-gnu/libidle.so.1']),
  component('bash', ['/bin/bash']),
  component('zlib', ['/lib/x86_64-linux-gnu/libz.so.1']),
  component('express', ['/app/node_modules/express/']),
  component('nested', ['/app/node_modules/express/node_modules/nested/']),
  component('idle-js', ['/app/node_modules/idle/']),
  component('perl-idle', ['/usr/share/perl5/Idle.pm']),
  component('curl', ['/usr/bin/curl']),
  component('no-files', []),
  component('from-lock', ['/app/'], { scope: 'locked' }),
];
const image: Image = {
  id: `sha256:${'cd'.repeat(32)}`,
  source: 'oci-layout',
  target: 'shop.tar',
  references: ['shop/cart:1'],
  manifestDigests: [DIGEST],
  layers: [],
  components,
  fileCount: 9,
  unknowns: [],
};

function event(type: RuntimeEvent['type'], hour: number, more: Partial<RuntimeEvent> = {}): RuntimeEvent {
  const container = { image: 'docker.io/shop/cart:1', imageDigest: DIGEST };
  const process = { path: '/usr/sbin/nginx', arguments: '' };
  return { source: 'tetragon', node: 'n', time: at(hour), type, container, process, ...more };
}
const open = (path: string, hour: number, access?: 'read' | 'write') =>
  event('open', hour, { file: { path, ...(access && { access }) } });

/** Two days in which nginx ran, loaded libssl and served express, an event an hour. */
const twoDays = [
  event('exec', 0),
  open('/usr/lib/x86_64-linux-gnu/libssl.so.3', 1),
  open('/usr/lib/x86_64-linux-gnu/libz.so.1', 1),
  open('/app/node_modules/express/node_modules/nested/index.js', 2),
  event('exec', 3, { process: { path: '/usr/bin/bash', arguments: '' } }),
  ...Array.from({ length: 48 }, (_, hour) => open('/etc/hosts', hour + 1)),
];
const states = (events: RuntimeEvent[], now = NOW) => {
  const evidence = evidenceOf(image, observationOf(image, collectEvidence(events))?.observation, now);
  return Object.fromEntries(Array.from(evidence, ([id, { state }]) => [id, state]));
};
const reasonOf = (id: string, events: RuntimeEvent[], now = NOW) =>
  evidenceOf(image, observationOf(image, collectEvidence(events))?.observation, now).get(id)?.reason;

describe('evidence of components', () => {
  it('tells executed, loaded, not seen and what cannot be told', () => {
    expect(states(twoDays)).toEqual({
      nginx: 'executed',
      libssl3: 'loaded',
      libidle: 'not-seen',
      bash: 'executed',
      zlib: 'loaded',
      express: 'not-seen',
      nested: 'loaded',
      'idle-js': 'not-seen',
      'perl-idle': 'cannot-tell',
      curl: 'not-seen',
      'no-files': 'cannot-tell',
      'from-lock': 'cannot-tell',
    });
  });

  it('gives time, file and days', () => {
    const evidence = evidenceOf(image, collectEvidence(twoDays)[0], NOW);
    expect(evidence.get('libssl3')).toMatchObject({
      lastSeen: at(1),
      path: '/usr/lib/x86_64-linux-gnu/libssl.so.3',
      reason: '/usr/lib/x86_64-linux-gnu/libssl.so.3 was opened',
    });
    expect(evidence.get('nginx')?.lastSeen).toBe(at(48));
    expect(evidence.get('curl')).toEqual({
      state: 'not-seen',
      observedDays: 2,
      reason: 'not run or loaded in 2 days of observation',
    });
  });

  it.each([
    ['no events', [], 'no runtime events of this image'],
    ['less than a day', twoDays.slice(0, 20), 'observed for 0.62 days; absence counts after one'],
    ['no executions', twoDays.filter(({ type }) => type !== 'exec'), 'executions are not reported'],
    ['no opens', twoDays.map((each) => ({ ...each, type: 'exec' as const })), 'opened files are not reported'],
    ['lost events', [...twoDays, event('loss', 90, { lost: 1 })], 'runtime events were lost'],
    ['losses of an unnamed node', [{ ...event('loss', 5), node: undefined }, ...twoDays], 'runtime events were lost'],
    [
      'only two events in two days',
      [event('exec', 0), open('/usr/lib/a.so', 48)],
      'observed for 0.08 days; absence counts after one',
    ],
  ])('never says not seen with %s', (_, events, reason) => {
    expect(reasonOf('curl', events as RuntimeEvent[])).toBe(reason);
    expect(Object.values(states(events as RuntimeEvent[]))).not.toContain('not-seen');
  });

  it('never says not seen after a week of silence', () => {
    expect(reasonOf('curl', twoDays, '2026-11-20T00:00:00.000Z')).toBe('no runtime events for 17 days');
  });

  it('does not let the loss of another reporter spoil it', () => {
    const loss = event('loss', 3, { source: 'falco', node: 'n' });
    expect(states([...twoDays, loss])['curl']).toBe('not-seen');
  });

  it('says which folder was not watched', () => {
    expect(reasonOf('perl-idle', twoDays)).toBe(
      'no file below /usr/share was reported as opened: it may not be watched',
    );
  });

  it('does not count files opened for writing as loaded', () => {
    expect(states([open('/usr/lib/x86_64-linux-gnu/libidle.so.1', 0, 'write')])['libidle']).toBe('cannot-tell');
  });

  it('goes by reference where the digest is unknown, and then proves no absence', () => {
    const named = twoDays.map((each) => ({ ...each, container: { image: 'shop/cart:1' } }));
    expect(observationOf(image, collectEvidence(named))?.by).toBe('reference');
    expect(states(named)).toMatchObject({ nginx: 'executed', curl: 'cannot-tell' });
    expect(reasonOf('curl', named)).toContain('by its reference only');
    const local = { ...image, references: ['localhost/shop/cart:1'] };
    expect(observationOf(local, collectEvidence(named))?.by).toBe('reference');
  });

  it('takes nothing for executed or loaded that was stopped or failed', () => {
    const where = { source: 'sensor' as const, time: at(1), node: 'n', container: { imageDigest: DIGEST } };
    const stopped: RuntimeEvent[] = [
      { ...where, type: 'exec', process: { path: '/usr/bin/curl', arguments: '' }, prevention: 'stopped' },
      {
        ...where,
        type: 'open',
        process: { path: '/bin/bash', arguments: '' },
        file: { path: '/lib/x86_64-linux-gnu/libz.so.1', access: 'read' },
        failure: 'EACCES',
      },
    ];
    const [observation] = collectEvidence(stopped);
    expect(observation?.executed.map(({ path }) => path)).toEqual(['/bin/bash']);
    expect(observation?.opened).toEqual([]);
  });

  it('takes alerts for no sign that everything is told', () => {
    const alert = { rule: 'r', priority: 'Warning', message: 'm', tags: [] };
    const event: RuntimeEvent = {
      source: 'kubearmor',
      time: at(1),
      type: 'exec',
      container: { imageDigest: DIGEST },
      process: { path: '/bin/bash', arguments: '' },
      alert,
    };
    expect(collectEvidence([event])[0]?.execReported).toBe(false);
    expect(collectEvidence([{ ...event, alert: undefined }])[0]?.execReported).toBe(true);
  });

  it('ignores the host', () => {
    expect(collectEvidence([{ ...event('exec', 0), container: undefined } as RuntimeEvent])).toEqual([]);
  });
});

describe('observations', () => {
  const anyEvent = fc
    .record({
      type: fc.constantFrom<RuntimeEvent['type'][]>('exec', 'open', 'connect'),
      hour: fc.nat(100),
      path: fc.constantFrom('/bin/a', '/usr/lib/b.so', '/app/c.js', '/proc/1/maps', 'relative'),
      node: fc.constantFrom('n1', 'n2'),
      digest: fc.constantFrom(DIGEST, undefined),
    })
    .map(({ type, hour, path, node, digest }) =>
      event(type, hour, {
        node,
        file: { path },
        process: { path, arguments: '' },
        container: { image: 'a:1', ...(digest && { imageDigest: digest }) },
      }),
    );
  const events = fc.array(anyEvent, { maxLength: 30 });

  it('merge in any order, grouped in any way, and twice without effect', () => {
    fc.assert(
      fc.property(events, events, events, (one, two, three) => {
        const [a, b, c] = [collectEvidence(one), collectEvidence(two), collectEvidence(three)];
        expect(mergeObservations(a, b)).toEqual(mergeObservations(b, a));
        expect(mergeObservations(mergeObservations(a, b), c)).toEqual(mergeObservations(a, mergeObservations(b, c)));
        expect(mergeObservations(a, a)).toEqual(a);
        expect(mergeObservations(a, b, a)).toEqual(mergeObservations(a, b));
      }),
    );
  });

  it('do not depend on the order of events', () => {
    fc.assert(
      fc.property(
        events.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(collectEvidence(shuffled)).toEqual(collectEvidence(list));
        },
      ),
    );
  });

  it('survive JSON, and go on from where they stopped', () => {
    const stored: Observation[] = JSON.parse(JSON.stringify(collectEvidence(twoDays)));
    expect(stored).toEqual(collectEvidence(twoDays));
    expect(collectEvidence(twoDays.slice(20), collectEvidence(twoDays.slice(0, 20)))).toEqual(stored);
  });

  it('stay bounded, and then say so', () => {
    const flood = Array.from({ length: 30_000 }, (_, index) => open(`/data/${index}`, index / 1000));
    const [observation] = collectEvidence([...twoDays, ...flood]);
    expect(observation?.opened.length).toBe(20_000);
    expect(observation?.truncated).toBe(true);
    expect(reasonOf('curl', [...twoDays, ...flood])).toBe('more files were used than are recorded');
  });
});
