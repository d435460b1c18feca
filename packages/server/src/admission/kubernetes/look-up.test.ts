import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Asked } from '@breakwater/app/admission';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueCertificate } from '../certificates/issue-certificate.ts';
import { type ApiServer, openApiServer } from './api-server.ts';
import { lookUpAt } from './look-up.ts';

const ASKER = { username: 'alice', groups: [] };
const podNamed = (name: string): Asked => ({ what: 'object', kind: 'Pod', namespace: 'shop', name });

let folder: string;
let server: Server;
let api: ApiServer;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-look-up-'));
  const life = { from: new Date(Date.now() - 60_000), until: new Date(Date.now() + 3_600_000) };
  const authority = issueCertificate({ name: 'cluster', ...life });
  const { certificate, key } = issueCertificate({ name: 'kube', ...life, authority, hosts: ['127.0.0.1'] });
  writeFileSync(join(folder, 'ca.crt'), authority.certificate);
  writeFileSync(join(folder, 'token'), 'token');
  asked = 0;
  server = createServer({ cert: certificate, key }, (request, response) => {
    asked += 1;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  api = await openApiServer(folder, { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(port) });
});
afterEach(() => {
  api.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

describe('asking an API server', () => {
  const there = (_: IncomingMessage, response: ServerResponse) => void response.end('{"metadata":{"name":"web"}}');

  it('finds what is there, and on connections that the API server has closed in between', async () => {
    const used = new WeakSet<object>();
    answer = (request, response) => {
      // As one does that is being restarted: the second request on a connection finds nobody.
      if (used.has(request.socket)) request.socket.destroy();
      else there(request, response);
      used.add(request.socket);
    };
    const lookUp = lookUpAt(api, () => 0);
    for (const name of ['one', 'two', 'three']) {
      expect((await lookUp([podNamed(name)], ASKER)).objects.size).toBe(1);
    }
  });

  it('ends for everybody while it is silent, is not asked by each of many then, and is again later', async () => {
    answer = () => {};
    let now = 0;
    const lookUp = lookUpAt(api, () => now);
    const all = (from: number) =>
      Promise.all(Array.from({ length: 60 }, (_, index) => lookUp([podNamed(`web-${from + index}`)], ASKER)));
    expect((await all(0)).every(({ objects }) => objects.size === 0)).toBe(true);
    const before = asked;
    expect((await all(100)).every(({ objects }) => objects.size === 0)).toBe(true);
    expect(asked).toBe(before);
    answer = there;
    now = 60_000;
    expect((await all(200)).every(({ objects }) => objects.size === 1)).toBe(true);
  });
});
