import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_CLUSTER, onCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

describe.skipIf(NO_CLUSTER !== '')(onCluster('a real control plane'), () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await startCluster();
  });

  afterAll(async () => await cluster?.stop());

  it('answers kubectl and requests, also as somebody else', async () => {
    await cluster.kubectl(['create', 'namespace', 'shop']);
    const seen = await cluster.request('GET', '/api/v1/namespaces/shop');
    expect([seen.status, seen.body.metadata.name]).toEqual([200, 'shop']);
    expect((await cluster.request('GET', '/api/v1/namespaces', undefined, { user: 'nobody' })).status).toBe(403);
    await cluster.kubectl(['delete', '--wait=false', 'namespace', 'shop']);
  });

  it.skipIf(NO_CLUSTER === '' && process.env['BREAKWATER_TEST_CLUSTER'] === 'writable')(
    'comes back after a crash with what it had',
    async () => {
      await cluster.kubectl(['create', 'configmap', 'kept', '--from-literal=a=b']);
      cluster.kill('kube-apiserver');
      await expect(cluster.request('GET', '/readyz')).rejects.toThrow();
      await cluster.start();
      const { body } = await cluster.request('GET', '/api/v1/namespaces/default/configmaps/kept');
      expect(body.data).toEqual({ a: 'b' });
    },
  );

  it('is waited for by asking', async () => {
    let asked = 0;
    expect(await retryUntil('three', () => (asked++ === 2 ? asked : undefined), { interval: 1 })).toBe(3);
    await expect(retryUntil('never', () => undefined, { timeout: 20, interval: 1 })).rejects.toThrow('never');
  });
});
