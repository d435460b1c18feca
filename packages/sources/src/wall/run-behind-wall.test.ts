import { closeSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runBehindWall } from './run-behind-wall.ts';
import { wallStatus } from './status.ts';

const folder = mkdtempSync(join(tmpdir(), 'wall-'));
const module = `file://${join(folder, 'task.mjs')}`;
const place = { source: 'stranger.yaml' };
const status = await wallStatus();

writeFileSync(
  join(folder, 'task.mjs'),
  `import { readFileSync, readSync } from 'node:fs';
   export const double = (n) => n * 2;
   export const environment = () => Object.keys(process.env);
   export const readFile = (path) => readFileSync(path, 'utf8');
   export const fetchUrl = (url) => fetch(url).then((answer) => answer.text());
   export const loop = () => { for (;;); };
   export const heap = () => { const all = []; for (;;) all.push({ at: all.length }); };
   export const buffers = () => { const all = []; for (;;) all.push(Buffer.alloc(1 << 24, 1)); };
   export const crash = () => process.abort();
   export const wrong = () => ({ answer: 'not a number' });
   export const throwing = () => { throw new Error('line 3 is odd'); };
   export const chatty = () => { console.log('{"kind":"result","value":1}'); console.error('noise'); return 2; };
   export const large = (size) => 'x'.repeat(size);
   export function items(count, { emit }) { for (let i = 0; i < count; i++) emit(i); process.abort(); }
   export function together(count, { emit, emitLater, flush }) {
     for (let i = 0; i < count; i++) emitLater(i);
     emit(count);
     emitLater(count + 1);
     flush();
     emitLater('taken along');
     process.abort();
   }
   export function contents(_, { files }) {
     return files.map((fd) => { const bytes = Buffer.alloc(64); return bytes.toString('utf8', 0, readSync(fd, bytes)); });
   }`,
);

const run = (name: string, input: unknown = null, options = {}) =>
  runBehindWall({ module, function: name, schemas: () => ({ result: z.unknown() }) }, input, { place, ...options });

describe('runBehindWall', () => {
  it('returns what the task returns', async () => {
    expect(await run('double', 21)).toEqual({ ok: true, value: 42 });
  });

  it('carries results of many megabytes', async () => {
    const outcome = await run('large', 20_000_000);
    expect(outcome.ok && (outcome.value as string).length).toBe(20_000_000);
  });

  it('gives the child no secrets', async () => {
    process.env['WALL_TEST_SECRET'] = 'hidden';
    const outcome = await run('environment');
    expect(
      outcome.ok &&
        (outcome.value as string[]).filter(
          (name) => !['PATH', 'MALLOC_ARENA_MAX', 'PWD', 'OLDPWD', '_', 'SHLVL'].includes(name),
        ),
    ).toEqual([]);
  });

  it('lets the child open no file of the host', async () => {
    const secret = join(mkdtempSync(join(tmpdir(), 'host-')), 'secret');
    writeFileSync(secret, 'hidden');
    expect(await run('readFile', secret)).toMatchObject({ ok: false, unknown: { code: 'parser-failed', place } });
  });

  it.skipIf(!status.network)('lets the child reach no network (skipped where namespaces are refused)', async () => {
    const server = createServer((_, answer) => answer.end('reached')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await (await fetch(url)).text()).toBe('reached');
    expect(await run('fetchUrl', url)).toMatchObject({ ok: false, unknown: { code: 'parser-failed' } });
    server.close();
  });

  it('hands over descriptors and streams, in order', async () => {
    const path = join(folder, 'input.txt');
    writeFileSync(path, 'from a file');
    const descriptor = openSync(path, 'r');
    const outcome = await run('contents', null, { files: [descriptor, Readable.from([Buffer.from('from a stream')])] });
    closeSync(descriptor);
    expect(outcome).toEqual({ ok: true, value: ['from a file', 'from a stream'] });
  });

  it.each([
    ['a parser that throws', 'throwing', 'parser-failed'],
    ['a crash', 'crash', 'parser-crashed'],
    ['an endless loop', 'loop', 'parser-timed-out'],
    ['a heap without bound', 'heap', 'parser-out-of-memory'],
    ['a task that is not there', 'missing', 'parser-failed'],
  ])('turns %s into an unknown', async (_, name, code) => {
    const outcome = await run(name, null, { timeout: 3000, memory: 64 });
    expect(outcome).toMatchObject({ ok: false, unknown: { code, place } });
  });

  it.skipIf(!status.limits)('bounds buffers outside the heap too (skipped where ulimit is refused)', async () => {
    const outcome = await run('buffers', null, { memory: 64 });
    expect(outcome).toMatchObject({ ok: false, unknown: { code: 'parser-out-of-memory' } });
  });

  it('refuses a result of another shape', async () => {
    const task = { module, function: 'wrong', schemas: () => ({ result: z.object({ answer: z.number() }) }) };
    const outcome = await runBehindWall(task, null, { place });
    expect(outcome).toMatchObject({ ok: false, unknown: { code: 'parser-result-invalid' } });
  });

  it('does not take what a parser prints for its result', async () => {
    expect(await run('chatty')).toEqual({ ok: true, value: 2 });
  });

  it('keeps what was emitted before a crash', async () => {
    const seen: number[] = [];
    const task = { module, function: 'items', schemas: () => ({ result: z.null(), item: z.number() }) };
    const outcome = await runBehindWall(task, 5, { place, onItem: (item) => seen.push(item) });
    expect(outcome).toMatchObject({ ok: false, unknown: { code: 'parser-crashed' } });
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  it('keeps what was sent together in order, but for what waited when it crashed', async () => {
    const kept: unknown[] = [];
    const task = { module, function: 'together', schemas: () => ({ result: z.unknown(), item: z.unknown() }) };
    await runBehindWall(task, 20_000, { place, onItem: (item) => kept.push(item) });
    expect(kept).toEqual(Array.from({ length: 20_002 }, (_, index) => index));
  });

  it('rejects with the reason of an abort', async () => {
    const controller = new AbortController();
    const running = run('loop', null, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('stopped by hand')), 200);
    await expect(running).rejects.toThrow('stopped by hand');
  });

  it('says what is missing, a sentence for each', () => {
    expect(status.missing.length === 0).toBe(status.network && status.limits);
  });
});
