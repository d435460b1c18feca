import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_SOURCES, type EventReading, EventShapes, EventStream } from '../index.ts';
import type { JsonFields } from '../json-fields.ts';

/** Parses each line, as if none were like another. */
class NoShapes extends EventShapes {
  override read(): undefined {
    return undefined;
  }
}

function readAll(text: string, shapes: EventShapes): EventReading[] {
  const stream = new EventStream({ source: 'test', shapes });
  return structuredClone([...stream.push(text), ...stream.end()]);
}

/** Counts the lines that it knew. */
class CountingShapes extends EventShapes {
  known = 0;
  override read(text: string, start: number, end: number) {
    const shape = super.read(text, start, end);
    if (shape !== undefined) this.known += 1;
    return shape;
  }
}

const pod = (index: number) => ({
  namespace: 'shop',
  name: `cart-${index % 5}`,
  container: {
    id: `containerd://${index % 5}`,
    name: 'cart',
    image: { id: `docker.io/shop/cart@sha256:${'ab'.repeat(32)}`, name: 'docker.io/shop/cart:1' },
    start_time: '2026-11-20T09:00:00Z',
    pid: index,
  },
  pod_labels: { app: 'cart', 'pod-template-hash': '7d9f8c6b5', odd: index % 2 },
  workload: 'cart',
});
const process = (index: number) => ({
  exec_id: `bWluaWt1YmU6${index}`,
  pid: index,
  uid: index % 3,
  cwd: '/srv',
  binary: `/usr/bin/tool-${index % 4}`,
  arguments: index % 4 === 1 ? `-c "echo ${index}\\n"` : `--port ${index}`,
  flags: 'execve clone',
  start_time: `2026-11-20T10:00:0${index % 10}.123456789Z`,
  auid: 4294967295,
  ...(index % 3 > 0 && { pod: pod(index) }),
  docker: `551e161c47d8ff0eb665438a7bcd5b${index % 5}`,
  refcnt: index % 7,
  cap: { permitted: ['CAP_CHOWN', 'CAP_KILL'].slice(index % 2), effective: [] },
  ns: { uts: { inum: 4026531838 + index, is_host: index % 2 === 0 } },
});
const socket = { family: 'AF_INET', protocol: 'IPPROTO_TCP', saddr: '10.0.0.1', daddr: '10.0.0.2', dport: 443 };
const CALLS = [
  { function_name: 'security_file_permission', args: [{ file_arg: { path: '/etc/passwd' } }, { int_arg: 4 }] },
  { function_name: 'security_file_permission', args: [{ file_arg: { path: '/etc/p\u00e4sswd' } }, { int_arg: 2 }] },
  { function_name: 'tcp_connect', args: [{ sock_arg: { ...socket, sport: 40_000 } }], action: 'KPROBE_ACTION_POST' },
  { function_name: '__x64_sys_openat', args: [{ int_arg: -100 }, { string_arg: '../a' }], return: { int_arg: -13 } },
  { function_name: '__x64_sys_write', args: [], action: 'KPROBE_ACTION_SIGKILL', policy_name: 'no-writes' },
];

/** A line of our own sensor. */
function ownLineOf(index: number): string {
  const actor = {
    path: `/bin/tool-${index % 3}`,
    arguments: `-n ${index}`,
    pid: index,
    uid: 0,
    inImage: index % 2 === 0,
  };
  return JSON.stringify({
    source: 'sensor',
    time: `2026-11-20T10:00:00.${String(index % 1000).padStart(3, '0')}Z`,
    type: ['exec', 'open', 'connect', 'resource', 'alert'][index % 5],
    pod: { namespace: 'shop', name: `cart-${index % 4}`, workload: 'cart', labels: { app: 'cart', odd: index % 2 } },
    container: { id: `c${index % 4}`, name: 'cart', image: 'shop/cart:1' },
    process: { ...actor, ...(index % 3 === 0 && { capabilities: ['CAP_KILL'] }), other: index },
    parent: { path: '/bin/sh', arguments: '', pid: index % 7, other: index },
    ...(index % 5 === 1 && { file: { path: '/etc/passwd', access: 'read', inImage: true } }),
    ...(index % 5 === 2 && { peer: { address: '10.0.0.2', port: index, name: 'db' }, count: index }),
    ...(index % 5 === 3 && { since: '2026-11-20T10:00:00.000Z', usage: { cpu: index / 7, memory: index } }),
    ...(index % 5 === 4 && {
      alert: { rule: 'r', message: `m${index}`, tags: ['a'], ancestors: [actor] },
      guards: ['exec'],
    }),
  });
}

function lineOf(index: number): string {
  if (index % 7 === 3) return ownLineOf(index);
  const parent = { ...process(index % 6), pod: pod(index), refcnt: index };
  const event = { process: process(index), ...(index % 5 > 0 && { parent }) };
  const [kind, more] = [
    ['process_exec', { ancestors: [process(1), process(2)] }],
    ['process_exit', index % 2 === 0 ? { signal: 'SIGKILL' } : { status: index }],
    ['process_kprobe', CALLS[index % CALLS.length]],
    [
      'process_connect',
      { source_ip: '10.0.0.1', source_port: index, destination_ip: '10.0.0.2', destination_port: 80 },
    ],
  ][index % 4] as [string, object];
  const time = `2026-11-20T10:00:00.${String(index).padStart(9, '0')}Z`;
  return JSON.stringify({
    [kind]: { ...event, ...more },
    node_name: 'node-1',
    time,
    ...(index % 9 === 0 && { cluster_name: 'here' }),
  });
}

/** What a stranger may have done to a line. */
const change = fc.oneof(
  fc.record({
    at: fc.nat(),
    take: fc.nat({ max: 3 }),
    put: fc.constantFrom(
      ...['"', '\\', '\\"', '\\u0041', '\\', '\t', '\u0001', '\u0085', '\u202e', '\u00e4', '\u{1f980}', ' ', '\r'],
      ...['0', '-', '-0', '1.5', '1e3', '00', '9007199254740993', '.', 'null', 'true', '{}', '[]', '[1]', '{', '}'],
      ...[',', ':', '"pid":7,', '"__proto__":{"pid":1},', '"source":"sensor","type":"exec",', '"pod":null,', ''],
    ),
  }),
);
const changed = (line: string, changes: readonly { at: number; take: number; put: string }[]): string =>
  changes.reduce((text, { at, take, put }) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + put + text.slice(place + take);
  }, line);

const NAMES = [
  'process_exec',
  'process_exit',
  'process',
  'parent',
  'pod',
  'container',
  'id',
  'name',
  'namespace',
  'pid',
];
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom('"/bin/sh"', '"2026-11-20T10:00:00Z"', '7', '-7', '0', '1.0', '""', 'null', 'true', '"\\u0041"'),
    tie('object'),
    fc.array(tie('value'), { maxLength: 2 }).map((values) => `[${values.join(',')}]`),
  ),
  object: fc
    .array(
      fc.tuple(fc.constantFrom(...NAMES, 'binary', 'labels', 'time', 'other', '__proto__', 'i\\u0064'), tie('value')),
      {
        maxLength: 5,
      },
    )
    .map((fields) => `{${fields.map(([name, value]) => `"${name}":${value}`).join(',')}}`),
}));

describe('lines like lines before', () => {
  it('are read by their shapes', () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => lineOf(index));
    const shapes = new CountingShapes();
    expect(readAll(lines.join('\n'), shapes)).toStrictEqual(readAll(lines.join('\n'), new NoShapes()));
    expect(shapes.known).toBeGreaterThan(1_700);
  });

  it('are read as each of them is read alone, whatever a stranger changes', () => {
    const shapes = new EventShapes();
    const line = fc.tuple(fc.nat({ max: 400 }), fc.array(change, { maxLength: 2 }));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (picked) => {
        const text = picked.map(([index, changes]) => changed(lineOf(index), changes)).join('\n');
        expect(readAll(`${lineOf(0)}\n${text}\n`, shapes)).toStrictEqual(
          readAll(`${lineOf(0)}\n${text}\n`, new NoShapes()),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('are read so where names stand twice, are nobody’s or are told in odd ways', () => {
    const shapes = new EventShapes();
    fc.assert(
      fc.property(fc.array(json.object, { minLength: 1, maxLength: 8 }), (objects) => {
        const lines = objects.map((each) => `{"process_exec":${each},"time":"2026-11-20T10:00:00Z"}`);
        const text = [...lines, ...lines].join('\n');
        expect(readAll(text, shapes)).toStrictEqual(readAll(text, new NoShapes()));
      }),
      { numRuns: 300 },
    );
  });

  it('share what they repeat, and are never changed by one another', () => {
    const shapes = new EventShapes();
    const stream = new EventStream({ source: 'test', shapes });
    const text = Array.from({ length: 200 }, (_, index) => `${lineOf(index)}\n`).join('');
    const events = stream.push(text).flatMap(({ event }) => event ?? []);
    const before = structuredClone(events);
    stream.push(text);
    expect(events).toStrictEqual(before);
    const pods = new Set(
      events.flatMap((event) => (event.source === 'tetragon' && event.pod?.name === 'cart-1' ? [event.pod] : [])),
    );
    expect(pods.size).toBeLessThan(12);
  });

  it('are forgotten where there are too many of them', () => {
    const shapes = new EventShapes();
    for (let index = 0; index < 220; index += 1) {
      const odd = `{"process_exec":{"process":{"binary":"/a","x${index}":"${'y'.repeat(30_000)}"}},"time":"2026-11-20T10:00:00Z"}`;
      const usual = Array.from({ length: 16 }, () => lineOf(4)).join('\n');
      readAll(`${usual}\n${odd}\n${odd}\n`, shapes);
    }
    const shapesAfter = readAll(`${lineOf(4)}\n${lineOf(4)}\n`, shapes);
    expect(shapesAfter).toStrictEqual(readAll(`${lineOf(4)}\n${lineOf(4)}\n`, new NoShapes()));
  });
});

const RECORDED = '../shared/runtime';

/** Tells of each name that is asked for, also where there is none, but not of those below `wholes`. */
function watched(json: object, wholes: ReadonlySet<string>, asked: (name: string) => void): JsonFields {
  return new Proxy(json as JsonFields, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof name !== 'string' || Array.isArray(target)) return nested(value);
      asked(name);
      return wholes.has(name) ? value : nested(value);
    },
    has(target, name) {
      if (typeof name === 'string' && !Array.isArray(target)) asked(name);
      return Reflect.has(target, name);
    },
  });
  function nested(value: unknown): unknown {
    return typeof value === 'object' && value !== null ? watched(value, wholes, asked) : value;
  }
}

describe('what sources say that they look at', () => {
  it.each(EVENT_SOURCES.filter(({ lines }) => lines))(
    'is all that they look at: $name',
    ({ lines, parse, recognises }) => {
      const parts = [...(lines?.parts ?? [])];
      const wholes = new Set(
        [lines, ...parts.map(([, fields]) => fields)].flatMap((each) => [...(each?.wholes ?? [])]),
      );
      const told = new Set([
        ...(lines?.reads ?? []),
        ...wholes,
        ...parts.flatMap(([name, { reads }]) => [name, ...reads]),
      ]);
      const asked = new Set<string>();
      for (let index = 0; index < 500; index += 1) {
        const json = watched(JSON.parse(lineOf(index)), wholes, (name) => asked.add(name));
        if (recognises(json)) parse(json);
      }
      expect(asked.size).toBeGreaterThan(10);
      expect([...asked].filter((name) => !told.has(name))).toEqual([]);
    },
  );
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe('recorded lines', () => {
  it.skipIf(!existsSync(RECORDED))('are read as each of them is read alone (needs ../shared/runtime)', () => {
    const files = readdirSync(RECORDED, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
    const lines = files.flatMap((file) => {
      const text = readFileSync(join(RECORDED, file), 'utf8');
      const value = parsed(text);
      if (value === undefined) return text.split('\n');
      return (Array.isArray(value) ? value : [value]).map((each) => JSON.stringify(each));
    });
    const text = Array.from({ length: 4 }, () => lines.join('\n')).join('\n');
    const shapes = new CountingShapes();
    expect(readAll(text, shapes)).toStrictEqual(readAll(text, new NoShapes()));
    expect(shapes.known).toBeGreaterThan(0);
  });
});
