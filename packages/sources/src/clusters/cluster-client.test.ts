import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AnswerTooLarge, type ClusterClient, openClient } from './cluster-client.ts';
import { discoverKinds } from './resource-kinds.ts';

let server: Server | undefined;
let client: ClusterClient | undefined;

afterEach(async () => {
  client?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
});

/** A client of a server that answers so. Plain HTTP is taken because its kubeconfig says that nothing is verified. */
async function serve(listener: RequestListener, path = ''): Promise<ClusterClient> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  client = openClient({
    name: 'east',
    kubeconfig: '',
    cluster: { name: 'c', server: `http://127.0.0.1:${port}${path}`, skipTLSVerify: true },
    user: { name: 'u', token: 'very-secret-token' },
    current: true,
  });
  return client;
}

describe('a client of an API server', () => {
  it('asks below the path of the server, with its token', async () => {
    const seen: (string | undefined)[] = [];
    const asked = await serve((request, answer) => {
      seen.push(request.url, request.headers.authorization);
      answer.end('{"ok":true}');
    }, '/k8s/clusters/c-1');
    expect(await asked.get('/api/v1/pods?limit=1')).toEqual({ ok: true });
    expect(seen).toEqual(['/k8s/clusters/c-1/api/v1/pods?limit=1', 'Bearer very-secret-token']);
  });

  it('proves itself once more where it was not taken, for tokens end', async () => {
    let asked = 0;
    const renewed = await serve((_, answer) => {
      asked += 1;
      answer.writeHead(asked === 1 ? 401 : 200).end('{}');
    });
    await renewed.get('/version');
    expect(asked).toBe(2);
  });

  it.each([
    [401, 'cluster-sign-in-refused'],
    [403, 'cluster-permission-missing'],
    [500, 'cluster-failed'],
    [302, 'cluster-failed'],
  ])('tells of an answer %s what the server said, and nothing of what was sent', async (status, code) => {
    const refused = await serve((_, answer) => {
      answer.writeHead(status, { location: 'http://169.254.169.254/', 'retry-after': '7' });
      answer.end(JSON.stringify({ message: 'because of this' }));
    });
    const error = await refused.get('/api/v1/pods').catch((cause: Error) => cause);
    expect(error).toMatchObject({
      code,
      status,
      retryAfter: 7000,
      message: expect.stringContaining('because of this'),
    });
    expect(JSON.stringify([error, (error as Error).stack])).not.toContain('very-secret-token');
  });

  it('takes no answer that is larger than allowed', async () => {
    const large = await serve((_, answer) => answer.end(`"${'x'.repeat(2_000_000)}"`));
    await expect(large.get('/x', { largest: 1_000_000 })).rejects.toBeInstanceOf(AnswerTooLarge);
  });

  it('says so where something else answers', async () => {
    const page = await serve((_, answer) => answer.end('<html>Sign in</html>'));
    await expect(discoverKinds(page)).rejects.toMatchObject({
      message: expect.stringContaining('no Kubernetes API server'),
    });
  });

  it('gives up a stream that falls silent, after its last line', async () => {
    const lines: string[] = [];
    const silent = await serve((_, answer) => answer.write('{"type":"ADDED"}\n{"type":"BOO'));
    await expect(silent.stream('/watch', (line) => lines.push(line), { silence: 200 })).rejects.toMatchObject({
      code: 'cluster-unreachable',
    });
    expect(lines).toEqual(['{"type":"ADDED"}']);
  });

  it('puts lines together that come in pieces, with letters cut in two', async () => {
    const lines: string[] = [];
    const text = Buffer.from('{"a":"é"}\n{"b":1}\n');
    const cut = await serve((_, answer) => {
      answer.write(text.subarray(0, 7));
      setTimeout(() => answer.end(text.subarray(7)), 20);
    });
    await cut.stream('/watch', (line) => lines.push(line), { silence: 5000 });
    expect(lines).toEqual(['{"a":"é"}', '{"b":1}']);
  });

  it('asks group by group where the server cannot say all kinds at once', async () => {
    const pods = { name: 'pods', kind: 'Pod', namespaced: true, verbs: ['list'] };
    const answers: Record<string, object> = {
      '/api': { versions: ['v1'] },
      '/api/v1': { resources: [pods, { ...pods, name: 'pods/log' }] },
      '/apis': {
        groups: [
          { name: 'apps', versions: [{ version: 'v1' }, { version: 'v1beta1' }], preferredVersion: { version: 'v1' } },
          { name: 'away', versions: [{ version: 'v1' }] },
        ],
      },
      '/apis/apps/v1': { resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true, verbs: ['list'] }] },
      '/apis/apps/v1beta1': {
        resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true, verbs: ['list'] }],
      },
    };
    const old = await serve((request, answer) => {
      const found = answers[request.url ?? ''];
      answer.writeHead(found ? 200 : 503).end(JSON.stringify(found ?? { message: 'away' }));
    });
    const { kinds, failed } = await discoverKinds(old);
    expect(kinds.map(({ group, version, resource }) => `${group}/${version} ${resource}`)).toEqual([
      '/v1 pods',
      'apps/v1 deployments',
    ]);
    expect(failed).toMatchObject([{ group: 'away', version: 'v1' }]);
  });
});
