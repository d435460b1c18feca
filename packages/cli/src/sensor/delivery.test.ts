import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlainServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { issueSensorKey } from '@breakwater/app/ingest';
import type { RuntimeEvent } from '@breakwater/model';
import { type Delivery, type DeliveryOptions, openDelivery, parseServerAddress } from '@breakwater/sensor/delivery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IngestService, ingestCertificates, openIngestService } from '../ingest/open-ingest-service.ts';
import { openEstateStore } from '../up/open-estate-store.ts';

const PROCESS = fileURLToPath(new URL('./sender-process.ts', import.meta.url));
/** Generous: machines are busy, and nothing here depends on it. */
const PATIENCE = 240_000;

let folder: string;
let state: string;
let spool: string;
let key: string;
let service: IngestService | undefined;
let delivery: Delivery | undefined;
let said: string[];

const event = (path: string, more: Partial<RuntimeEvent> = {}): RuntimeEvent => ({
  source: 'sensor',
  node: 'n1',
  time: new Date().toISOString(),
  type: 'exec',
  container: { name: 'web', image: 'shop/web:1' },
  process: { path, arguments: '' },
  ...more,
});

async function serve(port = 0, host = '127.0.0.1', names: string[] = []): Promise<string> {
  service = await openIngestService({ state, listen: { host, port }, names, perSecond: 1_000_000 });
  return service.address ?? '';
}

async function stopServing(): Promise<void> {
  await service?.close();
  service = undefined;
}

async function send(server: string, more: Partial<DeliveryOptions> = {}, authority?: string): Promise<Delivery> {
  delivery = await openDelivery({
    folder: spool,
    server: parseServerAddress(server, authority),
    key: () => key,
    node: 'n1',
    every: 20,
    firstWait: 20,
    report: (line) => said.push(line),
    ...more,
  });
  return delivery;
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await wait(25)) if (await holds()) return;
  throw new Error(`it never came to this: ${what}; said: ${said.join(' | ')}`);
}

/** What the server has, whoever sent it. */
async function stored(): Promise<{ events: number; lost: number; duplicates: number; paths: string[] }> {
  const store = await openEstateStore(state);
  try {
    const sensors = await store.ingest.sensors();
    const { observations } = await store.ingest.evidence();
    const sum = (name: 'events' | 'lost' | 'duplicates') => sensors.reduce((total, sensor) => total + sensor[name], 0);
    const paths = observations.flatMap(({ executed }) => executed.map(({ path }) => path));
    return { events: sum('events'), lost: sum('lost'), duplicates: sum('duplicates'), paths };
  } finally {
    await store.close();
  }
}

async function issue(name: string): Promise<string> {
  const store = await openEstateStore(state);
  const { text, key: kept } = issueSensorKey(name, new Date().toISOString());
  await store.ingest.addKey(kept);
  await store.close();
  return text;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-delivery-'));
  [state, spool, said] = [join(folder, 'state'), join(folder, 'spool'), []];
  key = await issue('east');
});
afterEach(async () => {
  await delivery?.close();
  delivery = undefined;
  await stopServing();
  rmSync(folder, { recursive: true, force: true });
});

describe('what a sensor sees', { timeout: 600_000 }, () => {
  it('is at the server within moments, and told how often it happened', async () => {
    const sender = await send(await serve());
    for (let count = 0; count < 10; count += 1) sender.take(event('/bin/a'));
    sender.take(event('/bin/b'));
    await until('two events', async () => (await stored()).events === 2);
    await sender.close();
    expect(await stored()).toMatchObject({ events: 3, lost: 0, paths: ['/bin/a', '/bin/b'] });
    expect(said).toEqual([]);
  });

  it('waits while the server is away, and is there once when it is back', async () => {
    const address = await serve();
    const { port } = new URL(address);
    await stopServing();
    const sender = await send(address);
    for (let count = 0; count < 50; count += 1) {
      sender.take(event(`/bin/${count}`));
      if (count % 10 === 0) await wait(30);
    }
    await until('everything on the disk', () => sender.state().waiting === 50);
    await until('a word about it', () => said.length > 0);
    expect(said).toEqual([expect.stringMatching(/takes no events now \(ECONNREFUSED\)/)]);
    await serve(Number(port));
    await until('everything at the server', () => sender.state().isDone);
    expect(await stored()).toMatchObject({ events: 50, lost: 0 });
    expect(said).toHaveLength(2);
  });

  it('is counted once where the server goes away again and again in the middle', async () => {
    const address = await serve();
    const port = Number(new URL(address).port);
    const sender = await send(address);
    for (let round = 0; round < 4; round += 1) {
      for (let count = 0; count < 100; count += 1) sender.take(event(`/bin/${round}-${count}`));
      await wait(30);
      await stopServing();
      for (let count = 0; count < 100; count += 1) sender.take(event(`/bin/${round}+${count}`));
      await wait(30);
      await serve(port);
    }
    await until('everything at the server', () => sender.state().isDone);
    expect(await stored()).toMatchObject({ events: 800, lost: 0 });
  });

  it('is not said to be at the server while it is on its way to the disk', async () => {
    const sender = await send(await serve(), { every: 1 });
    for (let round = 1; round <= 20; round += 1) {
      for (let count = 0; count < 100; count += 1) sender.take(event(`/bin/${round}-${count}`));
      while (!sender.state().isDone) await new Promise(setImmediate);
      expect((await stored()).events).toBe(round * 100);
    }
  });

  it('outlives a sensor that is killed while it works: what was on the disk is at the server, once', async () => {
    const address = await serve();
    let taken = 0;
    for (let round = 0; round < 3; round += 1) {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROCESS, spool, address, key]);
      let [last, waiting] = [0, 0];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const line = text.trim().split('\n').at(-1) ?? '';
        last = Number(line.split(' ')[0]);
        waiting = JSON.parse(line.slice(line.indexOf(' '))).waiting;
      });
      await until('some events', () => last > 400 * (round + 1));
      if (round === 1) await stopServing();
      if (round === 1) await until('events that wait', () => waiting > 100);
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
      if (round === 1) await serve(Number(new URL(address).port));
      taken = Math.max(taken, waiting);
    }
    const sender = await send(address);
    await until('everything at the server', () => sender.state().isDone);
    const { events, lost, paths } = await stored();
    expect(events).toBeGreaterThan(taken);
    expect(lost).toBe(0);
    // Each path that was told is there, from the first to the last that reached the disk, with none between left out.
    const numbers = paths.map((path) => Number(path.slice('/bin/'.length))).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1));
  });

  it('stays with the sensor that has a wrong key, which says so once, and goes on with the right one', async () => {
    const address = await serve();
    const file = join(folder, 'key');
    writeFileSync(file, 'bws_wrong');
    const right = key;
    key = 'bws_wrong';
    const sender = await send(address, { firstWait: 20 });
    for (let count = 0; count < 20; count += 1) sender.take(event(`/bin/${count}`));
    await until('a word about the key', () => said.length > 0);
    for (let count = 20; count < 40; count += 1) sender.take(event(`/bin/${count}`));
    await until('everything on the disk', () => sender.state().waiting === 40);
    expect(said).toEqual([expect.stringContaining('refuses our events (401: The key is missing or wrong.)')]);
    expect((await stored()).events).toBe(0);
    await sender.close();
    key = right;
    const again = await send(address);
    await until('everything at the server', () => again.state().isDone);
    expect(await stored()).toMatchObject({ events: 40, lost: 0 });
  });

  it('is told as lost where there is more than finds room, to the last event', async () => {
    const address = await serve();
    const { port } = new URL(address);
    await stopServing();
    const sender = await send(address, { mostBytes: 256 * 1024 });
    const told = 200_000;
    for (let count = 0; count < told; count += 1) {
      sender.take(event(`/bin/${Math.random().toString(36).slice(2)}${count}`));
      if (count % 5_000 === 0) await wait(1);
    }
    await until('a loss', () => sender.state().lost > 100_000);
    const files = readdirSync(spool).length;
    expect(files).toBeLessThan(25);
    await serve(Number(port));
    await until('everything at the server', () => sender.state().isDone);
    await sender.close();
    const { events, lost } = await stored();
    expect(lost).toBeGreaterThan(100_000);
    // Lines that tell of losses are events too, and of the last batch nobody may know yet that it arrived.
    expect(events + lost).toBeGreaterThanOrEqual(told);
    expect(events + lost - told).toBeLessThan(20_000);
    expect(said.filter((line) => line.includes('There is no room')).length).toBeLessThan(4);
  });

  it('is all told where a batch arrives after it was given up for the room that it took', async () => {
    const address = await serve();
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let held = 0;
    const slow = createPlainServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray());
      held += 1;
      await released;
      const headers = Object.entries(request.headers).filter(([name]) =>
        /^(?:authorization|content-|breakwater-)/.test(name),
      );
      const answer = await fetch(`${address}/api/v1/events`, {
        method: 'POST',
        body,
        headers: headers
          .map(([name, value]): [string, string] => [name, String(value)])
          .filter(([name]) => name !== 'content-length'),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const sender = await send(addressOf(slow), { mostBytes: 256 * 1024 });
    const tell = (count: number): void => {
      for (let index = 0; index < count; index += 1) sender.take(event(`/bin/${Math.random().toString(36).slice(2)}`));
    };
    tell(500);
    await until('a batch under way', () => held > 0);
    let told = 500;
    await until('a loss that is told', () => {
      tell(5_000);
      told += 5_000;
      return said.some((line) => line.includes('There is no room'));
    });
    release();
    await until('everything at the server', () => sender.state().isDone);
    await sender.close();
    slow.close();
    const { events, lost } = await stored();
    // The batch arrived, and was told as lost: more than once, and never less.
    expect(events + lost).toBeGreaterThanOrEqual(told);
  });

  const mounts = process.getuid?.() === 0 && canMount();
  it.skipIf(!mounts)(
    `survives a disk that is full${mounts ? '' : ' (skipped: nothing can be mounted here)'}`,
    async () => {
      mkdirSync(spool);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', spool]);
      try {
        const address = await serve();
        const { port } = new URL(address);
        await stopServing();
        const sender = await send(address);
        for (let count = 0; count < 20_000; count += 1) sender.take(event(`/bin/${Math.random()}`));
        await until('a word about the disk', () => said.some((line) => line.includes('ENOSPC')));
        await wait(200);
        expect(said.filter((line) => line.includes('ENOSPC'))).toHaveLength(1);
        await serve(Number(port));
        await until('everything at the server', () => sender.state().isDone);
        await sender.close();
        const { events, lost } = await stored();
        expect([events, lost]).toEqual([20_000, 0]);
        expect(said.at(-1)).toMatch(/takes events again/);
      } finally {
        await delivery?.close();
        execFileSync('umount', [spool]);
      }
    },
  );

  it('goes over TLS, to whom an authority vouches for only', async () => {
    const address = await serve(0, '0.0.0.0', ['127.0.0.1']);
    const there = `https://127.0.0.1:${new URL(address).port}`;
    const stranger = await send(there);
    stranger.take(event('/bin/a'));
    await until('a word about the certificate', () => said.length > 0);
    expect(said[0]).toContain('nobody whom we trust vouches for it');
    await stranger.close();
    const authority = execFileSync('cat', [join(ingestCertificates(state), 'ca.crt')], { encoding: 'utf8' });
    const sender = await send(there, {}, authority);
    await until('everything at the server', () => sender.state().isDone);
    expect((await stored()).paths).toEqual(['/bin/a']);
  });

  it('goes nowhere else than where it was told to go', async () => {
    const seen: string[] = [];
    const other = await listenPlain((request) => seen.push(String(request.headers.authorization)));
    const redirecting = createPlainServer((_, response) => {
      response.writeHead(307, { location: addressOf(other) }).end();
    });
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
    const sender = await send(addressOf(redirecting));
    sender.take(event('/bin/a'));
    await until('a word about it', () => said.length > 0);
    expect(said[0]).toContain('it leads elsewhere');
    expect([seen, sender.state().waiting]).toEqual([[], 1]);
    for (const server of [other, redirecting]) server.close();
  });

  it('is not taken for stored by a server that only says that all is well', async () => {
    const other = await listenPlain(() => {});
    const sender = await send(addressOf(other));
    sender.take(event('/bin/a'));
    await until('a word about it', () => said.length > 0);
    expect(said[0]).toContain('not as Breakwater answers');
    expect(sender.state().waiting).toBe(1);
    other.close();
  });
});

describe('the address of a server', () => {
  it.each(['http://192.0.2.1:7071', 'http://breakwater.example', 'ftp://127.0.0.1', 'https://a:b@127.0.0.1', 'x'])(
    'is refused where others could read the key, or it is none: %s',
    (text) => expect(() => parseServerAddress(text)).toThrow(),
  );

  it('is that of events where it names no path', () => {
    expect(parseServerAddress('https://a.example').url.href).toBe('https://a.example/api/v1/events');
    expect(parseServerAddress('http://127.0.0.1:1/x').url.href).toBe('http://127.0.0.1:1/x');
  });
});

function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'breakwater-mount-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place]).status === 0;
  if (isMounted) spawnSync('umount', [place]);
  rmSync(place, { recursive: true });
  return isMounted;
}

async function listenPlain(hear: (request: { headers: Record<string, unknown> }) => void): Promise<Server> {
  const server = createPlainServer((request, response) => {
    hear(request);
    response.writeHead(200).end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
