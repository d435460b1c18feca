import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { download } from './download.ts';
import { importAdvisories } from './import-advisories.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-download-'));
const path = join(folder, 'file');
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const inside = { unsafeAllowPrivateAddresses: true };

it('imports from an address like from a file', async () => {
  const record = {
    id: 'GHSA-1',
    modified: '2024-05-01T00:00:00Z',
    affected: [{ package: { ecosystem: 'npm', name: 'a' }, versions: ['1.0.0'] }],
  };
  const base = await serve((_, response) => response.end(`${JSON.stringify(record)}\n`));
  const report = await importAdvisories({ from: [`${base}/all.jsonl`], index: join(folder, 'a.db'), ...inside });
  expect(report.sources).toMatchObject([
    { source: `${base}/all.jsonl`, advisories: 1, knownExploited: 0, epssScores: 0, rejected: 0 },
  ]);
});

describe('an address', () => {
  it.each([
    'http://127.0.0.1:1/',
    'http://[::1]/',
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.8/',
    'http://[fd00::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://localhost:1/',
    'http://2130706433/',
  ])('of this machine or a private network is refused: %s', async (address) => {
    await expect(download(address, path)).rejects.toMatchObject({ name: 'UserError', code: 'address-refused' });
  });

  it.each(['ftp://example.org/a', 'file:///etc/passwd', 'gopher://example.org'])(
    'that is not http is refused: %s',
    async (address) => {
      await expect(download(address, path)).rejects.toMatchObject({ name: 'UserError', code: 'address-refused' });
      await expect(importAdvisories({ from: [address], index: join(folder, 'b.db') })).rejects.toMatchObject({
        code: 'address-refused',
      });
    },
  );
});

describe('a redirect', () => {
  it('is followed, a few times', async () => {
    const base = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('here');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    await download(`${base}/5`, path, inside);
    expect(readFileSync(path, 'utf8')).toBe('here');
    await expect(download(`${base}/6`, path, inside)).rejects.toMatchObject({ name: 'UpstreamError' });
  });

  it('to what is no http address is refused', async () => {
    const base = await serve((_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end());
    await expect(download(base, path, inside)).rejects.toMatchObject({ code: 'address-refused' });
  });
});

describe('a server that fails', () => {
  const upstream = (message: string) => ({
    name: 'UpstreamError',
    code: 'advisories-unreachable',
    message: expect.stringContaining(message),
  });

  it('by status, size, silence, time or a broken connection is an upstream error', async () => {
    const status = await serve((_, response) => response.writeHead(503).end());
    await expect(download(status, path, inside)).rejects.toMatchObject(upstream('status 503'));
    const large = await serve((_, response) => response.end(Buffer.alloc(100_000)));
    await expect(download(large, path, { ...inside, largest: 50_000 })).rejects.toMatchObject(upstream('larger than'));
    const silent = await serve(() => undefined);
    await expect(download(silent, path, { ...inside, silence: 50 })).rejects.toMatchObject(upstream('silent'));
    const slow = await serve((_, response) => {
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    });
    await expect(download(slow, path, { ...inside, longest: 150 })).rejects.toMatchObject(upstream('too long'));
    const broken = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('x', () => response.destroy());
    });
    await expect(download(broken, path, inside)).rejects.toMatchObject(upstream('could not be read'));
  });

  it('leaves the index alone', async () => {
    const status = await serve((_, response) => response.writeHead(404).end());
    await expect(importAdvisories({ from: [status], index: join(folder, 'c.db'), ...inside })).rejects.toMatchObject(
      upstream('404'),
    );
  });
});
