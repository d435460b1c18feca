import type { RuntimeEvent } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectEvents, parseEventBody } from '../read-events.ts';
import { sensor } from './index.ts';

const EVENT: RuntimeEvent = {
  source: 'sensor',
  time: '2026-11-22T11:57:47.178Z',
  type: 'connect',
  node: 'node-1',
  pod: { namespace: 'shop', name: 'web-1', labels: {} },
  container: { id: 'a1'.repeat(32), name: 'web', image: 'nginx:1', imageDigest: `sha256:${'b2'.repeat(32)}` },
  process: {
    path: '/tmp/x',
    arguments: '-c id',
    applet: 'sh',
    pid: 24_596,
    uid: 0,
    startTime: '2026-11-22T11:57:47.000Z',
    executionId: '24596:5',
    inImage: false,
    fileless: true,
    digest: `sha256:${'c3'.repeat(32)}`,
    capabilities: ['CAP_NET_RAW'],
  },
  parent: { path: '/bin/sh', arguments: '' },
  file: { path: '/b', access: 'write', from: '/a', inImage: true },
  peer: { address: '192.0.2.7', port: 443, protocol: 'TCP', name: 'api.example' },
  local: { address: '::', port: 80 },
  call: 'connect',
  callArguments: 'user mount',
  count: 7,
  alert: {
    rule: 'dropped-binary',
    priority: 'Critical',
    message: '/tmp/x is not in the image and runs',
    tags: ['T1105'],
    about: 'exec',
    enforcement: 'warn',
    exception: 'build',
    story: ['/tmp/x is not in the image.'],
    ancestors: [{ path: '/bin/sh', arguments: '-c /tmp/x', pid: 1 }],
  },
  failure: 'ECONNREFUSED',
  prevention: 'stopped',
  exitCode: 1,
  lost: 3,
  since: '2026-11-22T11:57:46.000Z',
  usage: { cpu: 0.25, memory: 4096, tasks: 3, read: 0, written: 1, received: 2, sent: 3 },
  watch: { dimensions: ['exec', 'capability'], isWhole: true },
};

describe('what our sensor wrote', () => {
  it('is read again as it was', () => {
    const line = JSON.stringify(EVENT);
    expect(detectEvents(line)).toBe('sensor');
    expect(parseEventBody(`${line}\n${line}\n`)).toEqual({ events: [EVENT, EVENT], unknowns: [] });
  });

  it.each([
    ['another kind', { ...EVENT, type: 'toString' }],
    ['no time', { ...EVENT, time: 'now' }],
  ])('is an unknown where it has %s', (_, event) => {
    const { events, unknowns } = parseEventBody(JSON.stringify(event));
    expect([events.length, unknowns.length]).toEqual([0, 1]);
  });

  it('may be anything, and is then left out field by field', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(EVENT)), fc.jsonValue()), (fields) => {
        const parsed = sensor.parse({ ...fields, source: 'sensor', time: EVENT.time, type: 'exec' });
        expect(parsed).toHaveLength(1);
      }),
    );
  });
});
