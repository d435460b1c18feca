import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RuntimeEvent } from '@breakwater/model';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { detectEvents, type EventReading, parseEventBody, parseEventParts, readEventBatches } from './index.ts';

const folder = await mkdtemp(join(tmpdir(), 'breakwater-events-'));
afterAll(() => rm(folder, { recursive: true }));

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const event = (index: number) => ({
  process_exec: { process: { binary: `/bin/tool-${index}`, pid: index, arguments: '{"[\\' } },
  node_name: 'node-1',
  time: '2026-11-20T10:00:00.507123456Z',
});

async function read(text: string, options = {}): Promise<EventReading[]> {
  const path = join(folder, 'events.json');
  await writeFile(path, text);
  return collect(readEventBatches(path, { source: 'events.json', ...options }));
}

async function collect(batches: AsyncIterable<EventReading[]>): Promise<EventReading[]> {
  const collected: EventReading[] = [];
  for await (const batch of batches) collected.push(...batch);
  return collected;
}

describe('layouts of event files', () => {
  const events = Array.from({ length: 300 }, (_, index) => event(index));
  it.each([
    ['JSON lines', events.map((each) => JSON.stringify(each)).join('\n')],
    [
      'lines with Windows ends and a byte order mark',
      `\ufeff${events.map((each) => JSON.stringify(each)).join('\r\n')}`,
    ],
    ['an array on one line', JSON.stringify(events)],
    ['a pretty-printed array', JSON.stringify(events, null, 2)],
    ['an array with an element a line', `[\n${events.map((each) => JSON.stringify(each)).join(',\n')}\n]`],
    ['pretty-printed values without separators', events.map((each) => JSON.stringify(each, null, 3)).join('')],
    ['values one after the other on one line', events.map((each) => JSON.stringify(each)).join('')],
  ])('reads %s', async (_, text) => {
    const readings = await read(text);
    expect(readings.filter(({ unknown }) => unknown)).toEqual([]);
    expect(readings.map((reading) => reading.event?.process?.pid)).toEqual(events.map((_, index) => index));
    expect(parseEventBody(text).events).toHaveLength(300);
    expect(detectEvents(text.slice(0, 2000))).toBe('tetragon');
  });

  it('reads a large body in parts, of whole lines, and knows the line of what is broken', () => {
    const lines = events.map((each) => JSON.stringify(each));
    lines[250] = '{"process_exec": ';
    const parts = [...parseEventParts(`${lines.join('\n')}\n`.repeat(8))];
    expect(parts.length).toBeGreaterThan(5);
    expect(Math.max(...parts.map((part) => part.events.length))).toBeLessThan(1_200);
    expect(parts.flatMap((part) => part.events)).toHaveLength(8 * 299);
    const broken = parts.flatMap((part) => part.unknowns).map(({ place }) => place?.line);
    expect(broken).toEqual(Array.from({ length: 8 }, (_, index) => index * 300 + 251));
  });

  it('reads any mix of layouts', () => {
    const value = fc.nat().map((index) => JSON.stringify(event(index), null, index % 3));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.constantFrom('', '\n', ' \n\n', ',\n'), (values, separator) => {
        expect(parseEventBody(values.join(separator)).events).toHaveLength(values.length);
      }),
    );
  });
});

describe('telling event files from others', () => {
  it.each([
    ['{"process_exec":{"process":{"binary":"/a', 'tetragon'],
    ['{\n "rule": "x",\n "priority": "Notice",\n "output": "cut he', 'falco'],
    ['[{"process_kprobe":{}}', 'tetragon'],
    ['{"bomFormat":"CycloneDX"}', undefined],
    ['{"a":{"rule":"x","priority":"y","output":"z"}}', undefined],
    ['{"rule":"x","priority":"y"}', undefined],
    ['apiVersion: v1\nprocess_exec: 1', undefined],
    ['', undefined],
  ])('%j is %s', (head, expected) => expect(detectEvents(head)).toBe(expected));
});

describe('broken events', () => {
  const good = JSON.stringify(event(7));

  it('cost their own line only and are given with it', async () => {
    const readings = await read(`${good}\n{"process_exec": {"process\n\n${good}\nnot json\n{"a": 1}\n[1]\n${good}`);
    expect(readings.filter((reading) => reading.event)).toHaveLength(3);
    expect(readings.flatMap(({ unknown }) => (unknown ? [[unknown.code, unknown.place.line]] : []))).toEqual([
      ['event-broken', 2],
      ['event-broken', 5],
      ['event-unrecognised', 6],
      ['event-unrecognised', 7],
    ]);
  });

  it('in the first line do not change how the rest is read', async () => {
    const readings = await read(`{"process_exec": {"proc\n${good}\n${good}`);
    expect(readings.map((reading) => reading.unknown?.place.line)).toEqual([1, undefined, undefined]);
  });

  it('between pretty-printed values are passed over', async () => {
    const pretty = JSON.stringify(event(1), null, 2);
    const readings = await read(`${pretty}\n${pretty.slice(0, 50)}\n${pretty}\n${pretty}\n{"cut": [`);
    expect(readings.filter((reading) => reading.event).length).toBeGreaterThanOrEqual(2);
    expect(readings.filter((reading) => reading.unknown).length).toBeGreaterThanOrEqual(1);
    expect(readings.at(-1)?.unknown?.message).toContain('ends in the middle');
  });

  it('that are too long or too deep do not fill the memory', async () => {
    const long = await read(`${good}\n{"a": "${'x'.repeat(300_000)}"}\n${good}`, { longestEvent: 100_000 });
    expect(long.map((reading) => reading.unknown?.place.line)).toEqual([undefined, 2, undefined]);
    const deep = await read(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}\n\n{\n"b": ${'['.repeat(200)}`);
    expect(deep.every((reading) => reading.unknown)).toBe(true);
    const single = await read(`{"a": "${'x'.repeat(3_000_000)}"}`);
    expect(single.map((reading) => reading.unknown?.code)).toContain('event-broken');
  });

  it('beyond the first thousand are counted, not listed', async () => {
    const readings = await read(`${good}\n${'rubbish\n'.repeat(5000)}`);
    expect(readings).toHaveLength(1 + 1000 + 1);
    expect(readings.at(-1)?.unknown?.message).toBe('4000 more events of events.json could not be read');
  });

  it('include a file that is not there', async () => {
    const readings = await collect(readEventBatches(join(folder, 'missing.json')));
    expect(readings.map((reading) => reading.unknown?.code)).toEqual(['events-unreadable']);
  });

  it('never make reading throw or hang', () => {
    const hostile = fc.anything({ withBigInt: false, withNullPrototype: true, maxDepth: 4 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          hostile.map((value) => `${JSON.stringify(value)}`),
        ),
        fc.string(),
        (text, tail) => {
          parseEventBody(text + tail);
          detectEvents(text + tail);
        },
      ),
    );
    const keys = ['process', 'parent', 'pod', 'container', 'image', 'binary', 'time', 'args', 'return', 'id', 'name'];
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(fc.string(), fc.double(), fc.constant(null), tie('object'), fc.array(tie('value'))),
      object: fc.dictionary(fc.constantFrom(...keys, '__proto__', 'constructor'), tie('value')),
    }));
    fc.assert(
      fc.property(fc.constantFrom('process_exec', 'process_kprobe', 'process_exit'), tree.object, (kind, body) => {
        const text = JSON.stringify({ [kind]: body, time: '2026-11-20T10:00:00Z' });
        const { events, unknowns } = parseEventBody(text);
        expect(events.length + unknowns.length).toBe(1);
      }),
    );
  });
});

describe('hostile fields', () => {
  const one = (process: object, more: object = {}): RuntimeEvent | undefined =>
    parseEventBody(JSON.stringify({ process_exec: { process }, time: '2026-11-20T10:00:00Z', ...more })).events[0];

  it('of a wrong type or size are left out, the rest is kept', () => {
    const found = one({ binary: '/bin/a', pid: 1e300, uid: 'root', cwd: 7, arguments: {}, pod: { namespace: 'n' } });
    expect(found?.process).toEqual({ path: '/bin/a', arguments: '' });
    expect(found?.pod).toBeUndefined();
  });

  it('cannot touch prototypes', () => {
    const text = `{"process_exec":{"process":{"binary":"/a","pod":{"namespace":"n","name":"p",
      "pod_labels":{"__proto__":"x","app":"cart"}}}},"time":"2026-11-20T10:00:00Z","__proto__":{"polluted":1}}`;
    expect(parseEventBody(text).events[0]?.pod?.labels).toEqual({ app: 'cart' });
    expect('polluted' in {}).toBe(false);
  });

  it('show control characters instead of passing them to a terminal', () => {
    expect(one({ binary: '/tmp/a\u001b[2J\n' })?.process?.path).toBe('/tmp/a\\u001b[2J\\u000a');
    expect(one({ binary: '/a', pod: { namespace: 'shop\n', name: 'p' } })?.pod).toBeUndefined();
  });

  it.each([
    ['2026-11-20T10:00:00Z', '2026-11-20T10:00:00.000Z'],
    ['2026-11-20T10:00:00.5Z', '2026-11-20T10:00:00.500Z'],
    ['2026-11-20T10:00:00.507999999Z', '2026-11-20T10:00:00.507Z'],
    ['2026-11-20T12:00:00+02:00', '2026-11-20T10:00:00.000Z'],
    ['2026-13-20T10:00:00Z', undefined],
    ['yesterday', undefined],
  ])('reads the time %s as %s', (time, expected) => {
    expect(one({ binary: '/a' }, { time })?.time).toBe(expected);
  });
});

const TETRAGON = '../shared/runtime/tetragon';
interface Recorded {
  file: string;
  event: string;
  node: string;
  time: string;
  binary: string;
  arguments: string | null;
  pod: string | null;
  namespace: string | null;
  parent: string | null;
  destination: string | null;
}

describe.skipIf(!existsSync(TETRAGON))('recorded Tetragon events (needs ../shared/runtime)', () => {
  it('are all read as what they say', async () => {
    const expected: { events: Recorded[] } = JSON.parse(await readFile(`${TETRAGON}/expected.json`, 'utf8'));
    expect(expected.events).toHaveLength(40);
    for (const recorded of expected.events) {
      const [reading, ...others] = await collect(readEventBatches(`${TETRAGON}/${recorded.file}`));
      expect(others, recorded.file).toEqual([]);
      const found = reading?.event;
      const { peer } = found ?? {};
      expect(
        {
          node: found?.node,
          time: found?.time,
          binary: found?.process?.path,
          arguments: found?.process?.arguments,
          pod: found?.pod?.name ?? null,
          namespace: found?.pod?.namespace ?? null,
          parent: found?.parent?.path ?? null,
          destination: peer ? `${peer.address}:${peer.port}` : null,
        },
        recorded.file,
      ).toEqual({
        node: recorded.node,
        time: recorded.time,
        binary: recorded.binary,
        arguments: recorded.arguments ?? '',
        pod: recorded.pod,
        namespace: recorded.namespace,
        parent: recorded.parent,
        destination: recorded.destination,
      });
      const type = recorded.event.replace('process_', '').replace('kprobe', 'open');
      expect(found?.type, recorded.file).toBe(type);
    }
  });
});

describe.skipIf(!existsSync('../shared/runtime/falco/events.json'))('Falco alerts (needs ../shared/runtime)', () => {
  it('are read, and one without a time is an unknown', async () => {
    const { events } = JSON.parse(await readFile('../shared/runtime/falco/events.json', 'utf8'));
    const lines = events.map((each: { event: object }) => JSON.stringify(each.event)).join('\n');
    const readings = await read(lines);
    expect(readings.map((reading) => reading.event?.type ?? reading.unknown?.code)).toEqual([
      'alert',
      'event-unusable',
      'loss',
      'loss',
      'loss',
      'alert',
      'alert',
    ]);
    expect(readings[2]?.event?.lost).toBe(815_508);
  });
});

describe('image digests', () => {
  it('are taken from every spelling of a runtime', () => {
    for (const id of [`docker-pullable://a/b@${DIGEST}`, `docker.io/a/b@${DIGEST}`, DIGEST]) {
      const found = one({ binary: '/a', pod: { namespace: 'n', name: 'p', container: { image: { id } } } });
      expect(found?.container?.imageDigest).toBe(DIGEST);
    }
  });

  function one(process: object): RuntimeEvent | undefined {
    return parseEventBody(JSON.stringify({ process_exec: { process }, time: '2026-11-20T10:00:00Z' })).events[0];
  }
});
