import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClusterClient, openClient } from './cluster-client.ts';

let folder: string;
let server: Server;
let client: ClusterClient;
/** Token that the server takes. */
let accepted = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-credentials-'));
  server = createServer((request, answer) => {
    const status = request.headers.authorization === `Bearer ${accepted}` ? 200 : 401;
    setTimeout(() => answer.writeHead(status).end('{}'), Math.random() * 20);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});

afterEach(async () => {
  client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** A plug-in that counts its runs, and gives the token `token-RUN`. */
function openWithPlugin(expiration = ''): void {
  const plugin = join(folder, 'plugin');
  const answer = `{"kind":"ExecCredential","status":{"token":"token-%s"${expiration}}}`;
  writeFileSync(plugin, `#!/bin/sh\necho run >> ${folder}/runs\nprintf '${answer}' $(grep -c run ${folder}/runs)\n`);
  chmodSync(plugin, 0o700);
  client = openClient({
    name: 'east',
    kubeconfig: join(folder, 'config'),
    cluster: {
      name: 'c',
      server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      skipTLSVerify: true,
    },
    user: { name: 'u', exec: { command: './plugin', apiVersion: 'client.authentication.k8s.io/v1' } },
    current: true,
  });
}

const runs = (): number => readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n').length;
const askMany = () => Promise.all(Array.from({ length: 20 }, (_, index) => client.get(`/api/v1/x${index}`)));

describe('credentials of a plug-in', () => {
  it('are asked for once by all requests that begin together', async () => {
    accepted = 'token-1';
    openWithPlugin();
    await askMany();
    expect(runs()).toBe(1);
  });

  it('are asked for once more where many requests are refused together', async () => {
    accepted = 'token-1';
    openWithPlugin();
    await askMany();
    accepted = 'token-2';
    await askMany();
    expect(runs()).toBe(2);
    await askMany();
    expect(runs()).toBe(2);
  });

  it('that have ended are asked for once by all requests', async () => {
    accepted = 'token-1';
    openWithPlugin(',"expirationTimestamp":"2020-01-01T00:00:00Z"');
    await client.get('/api/v1/x');
    accepted = 'token-2';
    await askMany();
    expect(runs()).toBe(2);
  });
});
