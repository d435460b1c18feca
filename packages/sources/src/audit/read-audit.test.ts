import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type AuditReading, detectAudit, readAudit } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-audit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const event = (part: object = {}) => ({
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  auditID: 'a',
  level: 'Metadata',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/shop/pods/web?timeout=1s',
  verb: 'get',
  user: { username: 'alice', groups: ['dev', 'system:authenticated'] },
  objectRef: { resource: 'pods', namespace: 'shop', name: 'web', apiVersion: 'v1' },
  responseStatus: { code: 200 },
  requestReceivedTimestamp: '2026-11-20T10:00:00.123456Z',
  annotations: { 'authorization.k8s.io/decision': 'allow' },
  ...part,
});

async function read(content: string | Buffer, options = {}): Promise<AuditReading[]> {
  const path = join(folder, 'audit.log');
  writeFileSync(path, content);
  const readings: AuditReading[] = [];
  for await (const batch of readAudit(path, { source: 'audit.log', ...options })) readings.push(...batch);
  return readings;
}

const one = async (part: object) => (await read(JSON.stringify(event(part))))[0]?.event;

describe('layouts of audit logs', () => {
  const events = Array.from({ length: 300 }, (_, index) =>
    event({ objectRef: { resource: 'pods', name: `p${index}` } }),
  );
  const lines = events.map((each) => JSON.stringify(each)).join('\n');
  it.each<[string, string | Buffer]>([
    ['JSON lines', lines],
    ['packed lines', gzipSync(lines)],
    ['a list as webhooks get it', JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: events })],
    [
      'a list that is pretty-printed',
      JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: events }, null, 2),
    ],
    ['an array', JSON.stringify(events)],
  ])('reads %s', async (_, content) => {
    const readings = await read(content);
    expect(readings.filter(({ unknown }) => unknown)).toEqual([]);
    expect(readings.map((reading) => reading.event?.resource?.name)).toEqual(events.map((_, index) => `p${index}`));
    const head = Buffer.from(content).subarray(0, 65_536);
    expect(detectAudit(head)).toBe(true);
  });
});

describe('a request', () => {
  it('is who asked for what', async () => {
    expect(await one({})).toEqual({
      time: '2026-11-20T10:00:00.123Z',
      user: 'alice',
      groups: ['dev', 'system:authenticated'],
      verb: 'get',
      resource: { group: '', resource: 'pods', namespace: 'shop', name: 'web' },
      allowed: true,
    });
  });

  it('of a creation names nothing, as when it was decided; of a subresource it does', async () => {
    expect((await one({ verb: 'create' }))?.resource?.name).toBe('');
    const exec = { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web' };
    expect((await one({ verb: 'create', objectRef: exec }))?.resource).toMatchObject({
      resource: 'pods/exec',
      name: 'web',
    });
  });

  it('for no resource has a path, without its question', async () => {
    expect(await one({ objectRef: undefined, requestURI: '/metrics?x=1' })).toMatchObject({ path: '/metrics' });
  });

  it('as somebody else is decided for him', async () => {
    expect(await one({ impersonatedUser: { username: 'bob' } })).toMatchObject({
      user: 'bob',
      impersonator: { user: 'alice' },
    });
  });

  it.each([
    [{ annotations: { 'authorization.k8s.io/decision': 'forbid' } }, false],
    [{ annotations: undefined, responseStatus: { code: 403 } }, false],
    [{ annotations: undefined, responseStatus: { code: 404 } }, true],
  ])('may have been refused: %o', async (part, allowed) => {
    expect((await one(part))?.allowed).toBe(allowed);
  });

  it('is counted once', async () => {
    expect(
      await read([event({ stage: 'RequestReceived' }), event()].map((each) => JSON.stringify(each)).join('\n')),
    ).toHaveLength(1);
  });
});

describe('what is broken', () => {
  it('costs its own line, and is counted beyond the first hundred', async () => {
    const lines = Array.from({ length: 300 }, () => '{"auditID":"a","verb":"get"}').join('\n');
    const readings = await read(`${JSON.stringify(event())}\n${lines}\nrubbish\n${JSON.stringify(event())}`);
    expect(readings.filter((reading) => reading.event)).toHaveLength(2);
    expect(readings.filter((reading) => reading.unknown)).toHaveLength(101);
    expect(readings.at(-1)?.unknown?.message).toContain('201 more');
  });

  it('does not fill the memory', async () => {
    const long = await read(
      `${JSON.stringify(event())}\n{"auditID":"${'x'.repeat(300_000)}"}\n${JSON.stringify(event())}`,
      { longestEvent: 100_000 },
    );
    expect(long.map((reading) => reading.unknown?.place.line)).toEqual([undefined, 2, undefined]);
    const bomb = await read(gzipSync(Buffer.alloc(50 * 1024 ** 2, 0x20)), { longest: 1024 ** 2 });
    expect(bomb.map((reading) => reading.unknown?.code)).toEqual(['audit-unreadable']);
    expect(
      (await read(gzipSync(JSON.stringify(event())).subarray(0, 60))).map((reading) => reading.unknown?.code),
    ).toContain('audit-unreadable');
  });

  it('never makes reading throw', async () => {
    const value = fc.oneof(fc.string(), fc.constant(null), fc.array(fc.string()), fc.object());
    const keys = fc.constantFrom(
      'auditID',
      'verb',
      'stage',
      'user',
      'objectRef',
      'annotations',
      'impersonatedUser',
      'kind',
      'items',
      '__proto__',
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(keys, value), async (fields) => {
        await read(JSON.stringify({ ...event(), ...fields }));
        detectAudit(Buffer.from(JSON.stringify(fields)));
      }),
      { numRuns: 100 },
    );
  });
});

describe('telling audit logs from others', () => {
  it.each([
    ['{"auditID":"a","stage":"ResponseComplete","verb":"get","requestObject":{"cut', true],
    ['{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[{"cut', true],
    ['{"kind":"EventList","apiVersion":"v1","items":[]}', false],
    ['{"process_exec":{"process":{"binary":"/a"}}}', false],
    ['apiVersion: audit.k8s.io/v1\nkind: Policy', false],
    ['{"note":"an auditID is no audit","a":{"auditID":"x","verb":"y"}}', false],
    ['', false],
  ])('%j: %s', (head, expected) => expect(detectAudit(Buffer.from(head))).toBe(expected));
});

const RECORDED = '../shared/runtime/k8s-audit';
describe.skipIf(!existsSync(RECORDED))('recorded audit logs (needs ../shared/runtime)', () => {
  it('are all read as what they say', async () => {
    const { files } = JSON.parse(readFileSync(`${RECORDED}/expected.json`, 'utf8'));
    expect(Object.keys(files)).toHaveLength(47);
    for (const [file, expected] of Object.entries<Record<string, unknown>>(files)) {
      const readings = await read(readFileSync(join(RECORDED, file)));
      if (expected['verb'] === undefined || expected['verb'] === null) continue;
      const found = readings[0]?.event;
      const subresource = expected['subresource'] ? `/${expected['subresource']}` : '';
      expect([file, found?.verb, found?.user, found?.resource?.resource, found?.resource?.namespace], file).toEqual([
        file,
        expected['verb'],
        expected['user'],
        `${expected['resource']}${subresource}`,
        expected['namespace'] ?? '',
      ]);
    }
    for (const file of readdirSync(RECORDED).filter((name) => !['expected.json', 'fal_01_003.json'].includes(name)))
      expect([file, detectAudit(readFileSync(join(RECORDED, file)).subarray(0, 65_536))]).toEqual([file, true]);
  });
});
