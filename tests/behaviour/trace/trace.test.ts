import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { behaviourKey, behavioursOf } from '@breakwater/engine/behaviour';
import type { RuntimeEvent } from '@breakwater/model';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { packTrace } from './pack-trace.ts';
import { parseTrace, readTrace, type Trace } from './read-trace.ts';
import { replay } from './replay.ts';
import { TraceWriter } from './trace-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const START = Date.parse('2026-11-22T10:00:00.000Z');
const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

const process = fc.record({
  path: fc.constantFrom('/usr/sbin/nginx', '/bin/sh', '/usr/bin/gcc'),
  arguments: fc.constantFrom('', '-c true', '-o /tmp/ccAb12.o', '17 42'),
  pid: fc.integer({ min: 1, max: 99 }),
  uid: fc.constantFrom(0, 33),
  inImage: fc.constantFrom(true, false),
});
const deed = fc.oneof(
  fc.record({ type: fc.constant('exec' as const) }),
  fc.record({
    type: fc.constant('open' as const),
    file: fc.record({
      path: fc.constantFrom('/etc/passwd', '/var/log/a.1', '/var/log/a.2', '/tmp/x', '/usr/lib/libc.so.6'),
      access: fc.constantFrom('read' as const, 'write' as const, 'create' as const),
    }),
  }),
  fc.record({
    type: fc.constant('connect' as const),
    peer: fc.record({
      address: fc.constantFrom('10.0.0.7', '203.0.113.9'),
      port: fc.constantFrom(443, 40_001, 40_002),
      protocol: fc.constant('TCP'),
    }),
  }),
  fc.record({ type: fc.constant('loss' as const), lost: fc.constant(3) }),
);
/** What two replicas do in some minutes, in the order of time. */
const doings = fc
  .array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 6 * 60_000 }), deed, process, process), {
    maxLength: 80,
  })
  .map((all) =>
    all
      .sort(([, a], [, b]) => a - b)
      .map(([replica, at, what, program, parent]): [number, RuntimeEvent] => [
        replica,
        { source: 'sensor', time: iso(START + at), ...what, process: program, parent } as RuntimeEvent,
      ]),
  );

function written(events: readonly [number, RuntimeEvent][], whole: boolean): string {
  const path = join(folder, `${Math.floor(performance.now() * 1000)}.jsonl`);
  const writer = new TraceWriter(path, 7, iso(START));
  for (const pod of ['a', 'b'])
    writer.begin({
      workload: 'web',
      kind: 'Deployment',
      pod,
      container: 'web',
      tag: '1',
      time: iso(START),
      reason: 'first',
    });
  for (const [index, [replica, event]] of events.entries()) {
    if (whole && index === events.length >> 1) writer.tellWhole(1);
    writer.take(replica, event);
    if (index % 7 === 0) writer.flush(Date.parse(event.time));
  }
  writer.close();
  return path;
}

/** Minutes in which each replica did each thing, and when it did so first. */
function summary(events: Iterable<[number, RuntimeEvent]>): { incidences: string[]; firsts: [string, number][] } {
  const incidences = new Set<string>();
  const firsts = new Map<string, number>();
  for (const [replica, event] of events)
    for (const behaviour of behavioursOf(event)) {
      const at = Date.parse(event.time);
      const name = `${behaviourKey(behaviour)} ${replica}`;
      incidences.add(`${name} ${Math.floor(at / 60_000)}`);
      firsts.set(name, Math.min(at, firsts.get(name) ?? at));
    }
  return { incidences: [...incidences].sort(), firsts: [...firsts].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

const replayed = (trace: Trace): [number, RuntimeEvent][] =>
  [...replay(trace)].flatMap((told): [number, RuntimeEvent][] =>
    told.kind === 'event' ? [[told.replica.id, told.event]] : [],
  );

describe('a recording', () => {
  it('keeps what each replica did in which minute, and when first, as written and packed', () => {
    fc.assert(
      fc.property(doings, fc.boolean(), (events, whole) => {
        const path = written(events, whole);
        packTrace(path, `${path}.br`, []);
        const expected = summary(events);
        expect(summary(replayed(readTrace(path)))).toEqual(expected);
        expect(summary(replayed(readTrace(`${path}.br`)))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('is told again in the order of time, with each minute that a replica was watched', () => {
    fc.assert(
      fc.property(doings, (events) => {
        const told = [...replay(readTrace(written(events, false)))];
        expect(told.map(({ time }) => time)).toEqual(told.map(({ time }) => time).sort((a, b) => a - b));
        const minutes = new Set(told.map(({ time }) => Math.floor(time / 60_000)));
        expect(told.filter(({ kind }) => kind === 'watched')).toHaveLength(2 * minutes.size);
      }),
      { numRuns: 30 },
    );
  });

  it('tells whole of an attack who did it, and is whole up to the last line where it was cut off', () => {
    const event = (path: string, pid: number): RuntimeEvent => ({
      source: 'sensor',
      time: iso(START + pid),
      type: 'exec',
      process: { path, arguments: '', pid, executionId: `${pid}:1` },
    });
    const path = join(folder, 'cut.jsonl');
    const writer = new TraceWriter(path, 7, iso(START));
    const start = {
      workload: 'web',
      kind: 'Deployment',
      container: 'web',
      tag: '1',
      time: iso(START),
      reason: 'first',
    };
    writer.begin({ ...start, pod: 'a' });
    writer.take(0, event('/bin/a', 1));
    writer.tellWhole(0);
    writer.take(0, event('/bin/b', 2));
    writer.close();
    const text = readFileSync(path, 'utf8');
    const kept = replayed(parseTrace(text)).map(([, { process: program }]) => [program?.path, program?.pid]);
    expect(kept).toEqual([
      ['/bin/a', undefined],
      ['/bin/b', 2],
    ]);
    expect(parseTrace(`${text}{"line":"minute","rep`).minutes).toHaveLength(1);
  });
});
