import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterList, Ranking } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand, startCommand } from '../../packages/cli/src/testing/run-command.ts';
import { NO_OWN_CLUSTER, onOwnCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const PATIENCE = { timeout: 90_000, interval: 300 };

describe.skipIf(NO_OWN_CLUSTER !== '')(onOwnCluster('up --cluster'), () => {
  let cluster: Cluster;
  let folder: string;
  let state: string;
  let server: ChildProcess;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'breakwater-following-'));
    state = join(folder, 'state');
    cluster = await startCluster();
    await cluster.request('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
    await deploy('cart');
    const environment = { KUBECONFIG: cluster.kubeconfig };
    server = startCommand(['up', '--cluster', 'current', '--port', '0'], { folder, state, environment });
  });

  afterAll(async () => {
    const ended = server && new Promise((resolve) => server.once('exit', resolve));
    server?.kill('SIGINT');
    await ended;
    expect(existsSync(join(state, 'clusters'))).toBe(false);
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const deploy = async (name: string) => {
    const template = { metadata: { labels: { name } }, spec: { containers: [{ name, image: `${name}:1` }] } };
    const spec = { selector: { matchLabels: { name } }, template };
    const made = await cluster.request('POST', '/apis/apps/v1/namespaces/shop/deployments', {
      metadata: { name },
      spec,
    });
    expect(made.status).toBe(201);
  };
  const ask = async <T>(path: string): Promise<T> => {
    const { url, token } = JSON.parse(await readFile(join(state, 'api.json'), 'utf8'));
    const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
    return (await answer.json()) as T;
  };
  const workloads = async () => (await ask<Ranking>('/api/ranking')).workloads.map(({ name }) => name).sort();
  const status = async () => (await ask<ClusterList>('/api/clusters')).items[0];

  it('ranks what runs, and ranks again when something new does', async () => {
    await retryUntil('the first ranking', async () => (await workloads()).join() === 'cart', PATIENCE);
    expect(await status()).toMatchObject({ name: 'cluster', server: cluster.url, unknowns: [] });
    expect((await status())?.failing).toBeGreaterThan(0);
    await deploy('search');
    await retryUntil('the new workload', async () => (await workloads()).join() === 'cart,search', PATIENCE);
    const { stdout } = await runCommand(['cluster', 'status'], { folder, state });
    expect(stdout).toContain('deployments.apps');
  });

  it('keeps what was known and says so while the cluster is away, and goes on when it is back', async () => {
    cluster.kill('kube-apiserver');
    await retryUntil(
      'the trouble',
      async () => (await status())?.kinds.every(({ state: at }) => at === 'reconnecting'),
      PATIENCE,
    );
    await retryUntil(
      'the ranking says so',
      async () => {
        const { unknowns } = await ask<{ unknowns: number }>('/api/summary');
        return unknowns > 20;
      },
      PATIENCE,
    );
    expect(await workloads()).toEqual(['cart', 'search']);
    await cluster.start();
    await deploy('payment');
    await retryUntil('what came since', async () => (await workloads()).join() === 'cart,payment,search', PATIENCE);
    await retryUntil('no trouble', async () => (await status())?.unknowns.length === 0, PATIENCE);
  });
});
