import { describe, expect, it } from 'vitest';
import { FILE_FLAG, type KernelRecord } from '../kernel/index.ts';
import { type HostFacts, Translator } from './index.ts';

const BOOT = Date.parse('2026-11-22T00:00:00Z');

function record(kind: KernelRecord['kind'], changes: Partial<KernelRecord> = {}): KernelRecord {
  return {
    kind,
    time: 5e9,
    cgroup: 44,
    start: 4e9,
    parentStart: 1e9,
    capabilities: 0n,
    pid: 10,
    thread: 10,
    parent: 9,
    uid: 0,
    gid: 0,
    effectiveUid: 0,
    call: 0,
    result: 0,
    values: [0n, 0n, 0n, 0n, 0n, 0n],
    executable: { inode: 1, device: 1, flags: FILE_FLAG.overlay },
    comm: 'app',
    program: 100,
    parentProgram: 0,
    key: Buffer.alloc(16),
    texts: [Buffer.alloc(0), Buffer.alloc(0), Buffer.alloc(0)],
    clipped: [false, false, false],
    ...changes,
  };
}

const texts = (...contents: string[]): KernelRecord['texts'] => [
  Buffer.from(contents[0] ?? ''),
  Buffer.from(contents[1] ?? ''),
  Buffer.from(contents[2] ?? ''),
];

const exec = (path: string, words: string[], changes: Partial<KernelRecord> = {}): KernelRecord =>
  record('exec', { texts: texts(path, path, `${words.join('\0')}\0`), ...changes });

const RESOLVER = Buffer.from([10, 0, 0, 2]);
const open = (changes: Partial<HostFacts> = {}): Translator =>
  new Translator({
    bootTime: BOOT,
    factsOf: () => ({ container: { id: 'c1', name: 'web' } }),
    resolversOf: () => new Set(['10.0.0.2']),
    readProgram: () => undefined,
    digestOf: () => undefined,
    ...changes,
  });

describe('what the kernel tells', () => {
  it('becomes an event with its time, container and process', () => {
    expect(open().translate(exec('/bin/app', ['app', '--port', '80', "it's"], { capabilities: 1n << 10n }))).toEqual({
      source: 'sensor',
      type: 'exec',
      time: '2026-11-22T00:00:05.000Z',
      container: { id: 'c1', name: 'web' },
      process: {
        path: '/bin/app',
        arguments: "--port 80 'it'\\''s'",
        pid: 10,
        uid: 0,
        startTime: '2026-11-22T00:00:04.000Z',
        executionId: '10:4000000000',
        capabilities: ['CAP_NET_BIND_SERVICE'],
        inImage: true,
      },
    });
  });

  it('knows a process by what was started in it or above it, under the id that the kernel gives that', () => {
    const translator = open();
    translator.translate(exec('/bin/sh', ['sh', '-c', 'x']));
    const child = { pid: 11, start: 6e9, parent: 10, parentStart: 4e9, parentProgram: 100 };
    const opened = translator.translate(record('open', { ...child, texts: texts('/x') }));
    expect(opened?.process).toMatchObject({ path: '/bin/sh', pid: 11, executionId: '11:6000000000' });
    const event = translator.translate(exec('/bin/cat', ['cat'], { ...child, program: 101 }));
    expect([event?.process?.path, event?.parent]).toEqual([
      '/bin/cat',
      expect.objectContaining({ path: '/bin/sh', arguments: '-c x', executionId: '10:4000000000' }),
    ]);
  });

  it('knows what ran before it was watched, and asks for what it does not know', () => {
    const found = { path: '/bin/late', arguments: '', inImage: undefined, fileless: false };
    const translator = open({ readProgram: (pid) => (pid === 12 ? found : undefined) });
    translator.adopt(1, { ...found, path: '/bin/before' });
    const pathOf = (changes: Partial<KernelRecord>) =>
      translator.translate(record('open', { texts: texts('/x'), ...changes }))?.process?.path;
    expect([pathOf({ program: 1 }), pathOf({ program: 0, pid: 12 }), pathOf({ program: 7, pid: 13 })]).toEqual([
      '/bin/before',
      '/bin/late',
      '',
    ]);
  });

  it('asks for the digest of what is not in the image, and of nothing else', () => {
    const translator = open({ digestOf: ({ path }) => `sha256:of${path}` });
    const digestOf = (flags: number) =>
      translator.translate(exec('/x', ['x'], { executable: { inode: 1, device: 1, flags } }))?.process?.digest;
    expect(digestOf(FILE_FLAG.overlay | FILE_FLAG.changed | FILE_FLAG.local)).toBe('sha256:of/x');
    expect(digestOf(FILE_FLAG.overlay | FILE_FLAG.local)).toBeUndefined();
    // It lies on somebody else's machine or in a program of the container's: reading it could wait for ever.
    expect(digestOf(0)).toBeUndefined();
  });

  it.each([
    ['in the image', FILE_FLAG.overlay, true, undefined],
    ['changed since', FILE_FLAG.overlay | FILE_FLAG.changed, false, undefined],
    ['from elsewhere', 0, false, undefined],
    ['in memory only', FILE_FLAG.memory, false, true],
    ['where nobody can say', FILE_FLAG.unlayered, undefined, undefined],
    ['deleted', FILE_FLAG.overlay | FILE_FLAG.unlinked, true, true],
  ])('says of an executable that it is %s', (_, flags, inImage, fileless) => {
    const event = open().translate(exec('/x', ['x'], { executable: { inode: 1, device: 1, flags } }));
    expect([event?.process?.inImage, event?.process?.fileless]).toEqual([inImage, fileless]);
  });

  it('calls peers by the name that they were asked for, in the same container only', () => {
    const translator = open();
    const answer = Buffer.from(
      '00078180000100010000000003617069076578616d706c650000010001c00c000100010000003c0004c0000207',
      'hex',
    );
    translator.translate(exec('/bin/app', ['app']));
    const dns = record('dns', { texts: [answer, RESOLVER, Buffer.alloc(0)], values: [17n, 0n, 0n, 0n, 0n, 0n] });
    translator.translate(dns);
    const connect = record('connect', {
      call: 42,
      values: [2n, 6n, 443n, 0n, 0n, 0n],
      texts: [Buffer.from([192, 0, 2, 7]), Buffer.alloc(0), Buffer.alloc(0)],
    });
    expect(translator.translate(connect)?.peer).toEqual({
      address: '192.0.2.7',
      port: 443,
      protocol: 'TCP',
      name: 'api.example',
    });
    const stranger = Buffer.from([192, 0, 2, 66]);
    const forged = Buffer.from(answer);
    forged.writeUInt8(99, forged.length - 1);
    translator.translate({ ...dns, texts: [forged, stranger, Buffer.alloc(0)] });
    const elsewhere = {
      ...connect,
      texts: [Buffer.from([192, 0, 2, 99]), Buffer.alloc(0), Buffer.alloc(0)] as const,
    };
    expect(translator.translate(elsewhere)?.peer).not.toHaveProperty('name');
    translator.translate(exec('/bin/app', ['app'], { cgroup: 45, pid: 20 }));
    expect(translator.translate({ ...connect, cgroup: 45, pid: 20 })?.peer?.name).toBeUndefined();
  });

  it.each([
    [-111, 'ECONNREFUSED'],
    [-115, undefined],
    [0, undefined],
    [-4095, 'error 4095'],
  ])('says why a call failed: %i', (result, failure) => {
    const translator = open();
    translator.translate(exec('/bin/app', ['app']));
    expect(translator.translate(record('call', { call: 272, result }))).toHaveProperty('call', 'unshare');
    expect(translator.translate(record('call', { call: 308, result }))?.failure).toBe(
      result === -115 ? undefined : failure,
    );
  });

  it.each([
    [256, 1],
    [9, 137],
    [139, 139],
    [0, 0],
  ])('counts ends as shells do: %i', (result, exitCode) => {
    const translator = open();
    translator.translate(exec('/bin/app', ['app']));
    expect(translator.translate(record('exit', { result }))?.exitCode).toBe(exitCode);
  });

  it('resolves paths from where they begin', () => {
    const translator = open();
    translator.translate(exec('/bin/app', ['app']));
    const renamed = translator.translate(record('paths', { call: 264, texts: texts('/var/lib', './a', '../b') }));
    expect(renamed).toMatchObject({ type: 'change', call: 'renameat', file: { path: '/var/b', from: '/var/lib/a' } });
  });

  it.each<[number, bigint[], string[], string | undefined, string | undefined]>([
    [272, [0x10020000n], [], 'user mount', undefined],
    [308, [3n, 0x40000000n], [], 'network', undefined],
    [105, [0n], [], '0', undefined],
    [117, [0xffffffffn, 1000n, 1000n], [], '1000', undefined],
    [117, [0n, 0xffffffffn, 0n], [], undefined, undefined],
    [101, [16n, 1n], [], 'attach', undefined],
    [165, [0n, 0n, 0n, 0n], ['proc', '/mnt', 'proc'], 'proc', '/mnt'],
    [165, [0n, 0n, 0n, 4096n], ['/host', '/mnt', 'none'], 'bind', '/mnt'],
    [165, [0n, 0n, 0n, 0n], ['x', '/mnt', 'a\u001b[2J'], undefined, '/mnt'],
  ])('says what of a call matters: %i %s', (call, given, names, words, path) => {
    const values = [...given, 0n, 0n, 0n, 0n, 0n, 0n].slice(0, 6) as unknown as KernelRecord['values'];
    const event = open().translate(record('call', { call, values, texts: texts(...names) }));
    expect([event?.callArguments, event?.file?.path]).toEqual([words, path]);
  });

  it('tells names that are no text, and differ, differently', () => {
    const named = (bytes: number[]) =>
      open().translate(record('open', { texts: [Buffer.from(bytes), Buffer.alloc(0), Buffer.alloc(0)] }))?.file?.path;
    expect(named([0x2f, 0xff])).not.toBe(named([0x2f, 0xfe]));
  });

  it('tells sockets that are files, and those without one', () => {
    const translator = open();
    translator.translate(exec('/bin/app', ['app']));
    const to = (name: string) =>
      translator.translate(record('connect', { call: 42, values: [1n, 0n, 0n, 0n, 0n, 0n], texts: texts(name) }))?.file
        ?.path;
    expect(to('/var/run/docker.sock\0\0')).toBe('/var/run/docker.sock');
    expect(to('\0abstract')).toBe('@abstract');
    const renamed = {
      call: 42,
      values: [1n, 0n, 0n, 0n, 0n, 0n] as const,
      texts: texts('/x.sock', '/run/docker.sock'),
    };
    expect(translator.translate(record('connect', renamed))?.file).toEqual({
      path: '/x.sock',
      from: '/run/docker.sock',
    });
  });

  it('is not told of a runtime that enters, and of all others', () => {
    const opened = (changes: Partial<KernelRecord>): boolean =>
      open().translate(record('open', { texts: texts('/etc/x'), parentProgram: 0, ...changes })) !== undefined;
    const [elsewhere, ofImage] = [FILE_FLAG.local, FILE_FLAG.overlay].map((flags) => ({ inode: 1, device: 1, flags }));
    expect(opened({ program: 0, executable: elsewhere })).toBe(false);
    // From a volume, of the image before it was watched, or started by somebody who was seen to.
    expect(opened({ program: 100, executable: elsewhere })).toBe(true);
    expect(opened({ program: 0, executable: ofImage })).toBe(true);
    expect(opened({ program: 0, parentProgram: 7, executable: elsewhere })).toBe(true);
    // A guard decided: that is told whoever it was.
    expect(opened({ program: 0, executable: elsewhere, values: [0n, 1n, 1n, 2n << 32n, 0n, 0n] })).toBe(true);
  });
});
