import { describe, expect, it } from 'vitest';
import { FILE_FLAG, type KernelRecord } from '../kernel/index.ts';
import { Translator } from './index.ts';

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

const HOST = { bootTime: BOOT, mountNamespace: 77 };
const open = (): Translator => new Translator(() => ({ container: { id: 'c1', name: 'web' } }), HOST);

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

  it('is not told of the runtime, which prepares a container before its first program', () => {
    const translator = open();
    expect(translator.translate(record('call', { call: 165 }))).toBeUndefined();
    expect(translator.translate(record('open', { texts: texts('/proc/1') }))).toBeUndefined();
    expect(translator.translate(exec('/', ['runc', 'init'], { values: [0n, 0n, 77n, 0n, 0n, 0n] }))).toBeUndefined();
    expect(translator.translate(record('call', { call: 165 }))).toBeUndefined();
    expect(translator.translate(exec('/bin/app', ['app']))?.type).toBe('exec');
    expect(translator.translate(record('call', { call: 165 }))).toMatchObject({ type: 'mount', call: 'mount' });
  });

  it('knows a child by its parent until it runs something else', () => {
    const translator = open();
    translator.translate(exec('/bin/sh', ['sh']));
    translator.translate(record('fork', { values: [11n, 6_000_000_000n, 0n, 0n, 0n, 0n] }));
    const child = { pid: 11, start: 6e9, parent: 10, parentStart: 4e9 };
    expect(translator.translate(record('open', { ...child, texts: texts('/x') }))?.process?.path).toBe('/bin/sh');
    const event = translator.translate(exec('/bin/cat', ['cat'], child));
    expect([event?.process?.path, event?.parent?.path]).toEqual(['/bin/cat', '/bin/sh']);
  });

  it.each([
    ['in the image', FILE_FLAG.overlay, true, undefined],
    ['changed since', FILE_FLAG.overlay | FILE_FLAG.changed, false, undefined],
    ['from elsewhere', 0, false, undefined],
    ['in memory only', FILE_FLAG.memory, false, true],
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
    translator.translate(record('dns', { texts: [answer, Buffer.alloc(0), Buffer.alloc(0)] }));
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

  it('tells sockets that are files, and those without one', () => {
    const translator = open();
    translator.translate(exec('/bin/app', ['app']));
    const to = (name: string) =>
      translator.translate(record('connect', { call: 42, values: [1n, 0n, 0n, 0n, 0n, 0n], texts: texts(name) }))?.file
        ?.path;
    expect(to('/var/run/docker.sock\0\0')).toBe('/var/run/docker.sock');
    expect(to('\0abstract')).toBe('@abstract');
  });
});
