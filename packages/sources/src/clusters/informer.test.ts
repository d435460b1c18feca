import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openClient } from './cluster-client.ts';
import { Informer } from './informer.ts';

/** An informer of ConfigMaps of a server that answers every list so. */
async function follow(status: number): Promise<Informer> {
  const server = createServer((_, answer) => answer.writeHead(status).end('{}')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const client = openClient({
    name: 'east',
    kubeconfig: '',
    cluster: { name: 'c', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    user: { name: 'u', token: 't' },
    current: true,
  });
  const informer = new Informer(
    client,
    {
      group: '',
      version: 'v1',
      kind: 'ConfigMap',
      resource: 'configmaps',
      namespaced: true,
      content: 'whole',
      verbs: ['list', 'watch'],
    },
    { onChange: () => {}, retry: { first: 1, most: 5 } },
  );
  const stop = new AbortController();
  const run = informer.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await run;
    client.close();
    server.closeAllConnections();
    server.close();
  });
  return informer;
}

describe('a kind that can never be listed', () => {
  it.each([
    ['whose server is broken', 500, 'reconnecting'],
    ['that is refused', 403, 'refused'],
    ['whose lists always end too early', 410, 'listing'],
  ])('%s is waited for no longer, and stays untold', async (_, status, state) => {
    const informer = await follow(status);
    await informer.listed;
    expect(informer.state).toBe(state);
    expect(informer.heardAt).toBeUndefined();
  });
});
