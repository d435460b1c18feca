import type { Json } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { compareFields } from './compare-fields.ts';

describe('what Git says and what runs', () => {
  it.each<[what: string, git: Json, live: Json]>([
    [
      'defaults that a server writes',
      { a: 1 },
      { a: 1, terminationMessagePath: '/dev/termination-log', protocol: 'TCP' },
    ],
    [
      'a strategy that it completes',
      {},
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } } },
    ],
    ['what it leaves out when it is empty', { a: {}, b: [], c: '', d: null, e: false, f: 0 }, {}],
    ['quantities in another form', { cpu: '1000m', memory: 1024 }, { cpu: '1', memory: '1Ki' }],
    ['durations in another form', { duration: '2160h' }, { duration: '2160h0m0s' }],
    ['numbers written as texts', { port: '80' }, { port: 80 }],
    ['sets in another order', { drop: ['ALL', 'NET_RAW'] }, { drop: ['NET_RAW', 'ALL'] }],
    [
      'containers in another order',
      { containers: [{ name: 'a' }, { name: 'b' }] },
      { containers: [{ name: 'b' }, { name: 'a' }] },
    ],
    ['ports without a protocol', { ports: [{ port: 80 }] }, { ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }] }],
  ])('are the same for %s', (_, git, live) => {
    expect(compareFields(git, live)).toEqual([]);
  });

  it.each<[what: string, git: Json, live: Json, pointer: (string | number)[], change: string]>([
    ['a value', { a: { b: 1 } }, { a: { b: 2 } }, ['a', 'b'], 'changed'],
    [
      'an item by its name',
      {
        env: [
          { name: 'a', value: '1' },
          { name: 'b', value: '2' },
        ],
      },
      {
        env: [
          { name: 'b', value: '3' },
          { name: 'a', value: '1' },
        ],
      },
      ['env', 0, 'value'],
      'changed',
    ],
    ['the order of arguments', { args: ['a', 'b'] }, { args: ['b', 'a'] }, ['args'], 'changed'],
    ['a field that somebody added', { spec: {} }, { spec: { hostNetwork: true } }, ['spec', 'hostNetwork'], 'added'],
    [
      'a container that somebody added',
      { c: [{ name: 'a' }] },
      { c: [{ name: 'a' }, { name: 'evil' }] },
      ['c', 1],
      'added',
    ],
    ['a field that somebody removed', { runAsNonRoot: true }, {}, ['runAsNonRoot'], 'removed'],
    [
      'an item that somebody removed',
      { c: [{ name: 'a' }, { name: 'b' }] },
      { c: [{ name: 'a' }] },
      ['c', 1],
      'removed',
    ],
    ['a default that is none', {}, { imagePullPolicy: 'Never' }, ['imagePullPolicy'], 'added'],
    ['a selector of nodes', {}, { nodeSelector: { disk: 'ssd' } }, ['nodeSelector'], 'added'],
    [
      'one of several items of one name',
      {
        e: [
          { port: 'a', path: '/x' },
          { port: 'a', path: '/y' },
        ],
      },
      {
        e: [
          { port: 'a', path: '/x' },
          { port: 'a', path: '/z' },
        ],
      },
      ['e', 1, 'path'],
      'changed',
    ],
    ['a smaller limit', { memory: '512Mi' }, { memory: '512M' }, ['memory'], 'changed'],
  ])('differ in %s', (_, git, live, pointer, change) => {
    expect(compareFields(git, live)).toMatchObject([{ pointer, change }]);
  });

  it('end however deep an object is', () => {
    let deep: Json = 1;
    for (let level = 0; level < 5000; level += 1) deep = { a: deep };
    expect(compareFields(deep, deep)).toEqual([]);
  });
});
