import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NO_OWN_CLUSTER, onOwnCluster } from './control-plane.ts';
import { type CuttingProxy, openCuttingProxy } from './cutting-proxy.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';
import { type Watched, watchCluster } from './watched-cluster.ts';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

describe.skipIf(NO_OWN_CLUSTER !== '')(onOwnCluster('informers of a live cluster'), () => {
  let cluster: Cluster;
  let proxy: CuttingProxy;
  let watched: Watched;

  beforeAll(async () => {
    cluster = await startCluster();
  });

  beforeEach(async () => {
    proxy = await openCuttingProxy(cluster.url);
    watched = await watchCluster(cluster, { server: proxy.url, only: ['configmaps'] });
  });

  afterEach(async () => {
    await watched.close();
    await proxy.cut();
    await cluster.request('DELETE', CONFIG_MAPS);
  });

  afterAll(async () => await cluster?.stop());

  const put = async (name: string, value: string) => {
    const object = { metadata: { name }, data: { value } };
    const made = await cluster.request('POST', CONFIG_MAPS, object);
    if (made.status === 409) await cluster.request('PUT', `${CONFIG_MAPS}/${name}`, object);
    else expect(made.status).toBe(201);
  };
  const remove = (name: string) => cluster.request('DELETE', `${CONFIG_MAPS}/${name}`);
  /** What is known, as `name=value`. */
  const known = () =>
    [...watched.objects()]
      .filter(({ namespace }) => namespace === 'default')
      .map(({ name, object }) => `${name}=${(object['data'] as { value: string }).value}`)
      .sort();
  const kind = () => watched.status().kinds[0];

  it('tell what is added, changed and removed', async () => {
    await put('a', '1');
    await put('a', '2');
    await put('b', '1');
    await remove('b');
    await retryUntil('all of it', () => watched.told.includes('removed ConfigMap default/b'));
    expect(watched.told.filter((line) => line.includes('default/'))).toEqual([
      'added ConfigMap default/a',
      'changed ConfigMap default/a',
      'added ConfigMap default/b',
      'removed ConfigMap default/b',
    ]);
    expect(known()).toEqual(['a=2']);
  });

  it('go on where they stopped when the network comes back: every event is told, and there is no gap', async () => {
    await put('a', '1');
    await put('b', '1');
    await retryUntil('both', () => known().length === 2);
    await proxy.cut();
    await retryUntil('the trouble', () => kind()?.state === 'reconnecting');
    expect(kind()?.trouble?.code).toBe('cluster-unreachable');
    await put('a', '2');
    await put('a', '3');
    await remove('b');
    await put('c', '1');
    await proxy.mend();
    await retryUntil('what happened meanwhile', () => known().join() === 'a=3,c=1');
    expect(watched.told.filter((line) => line === 'changed ConfigMap default/a')).toHaveLength(2);
    expect(kind()).toMatchObject({ state: 'watching', gaps: [] });
    expect(kind()?.trouble).toBeUndefined();
    expect(watched.status().unknowns).toEqual([]);
  });

  it('lose nothing when the API server is killed and has forgotten (410): they list anew, and the gap is marked', async () => {
    await put('a', '1');
    await put('b', '1');
    await put('c', '1');
    await retryUntil('all three', () => known().length === 3);
    await proxy.cut();
    // A server that starts anew remembers nothing from before its start.
    await put('a', '2');
    await remove('b');
    cluster.kill('kube-apiserver');
    await cluster.start();
    await remove('c');
    await put('c', 'another');
    await put('d', '1');
    await proxy.mend();
    await retryUntil('what happened meanwhile', () => known().join() === 'a=2,c=another,d=1');
    const state = await retryUntil('watching again', () => (kind()?.state === 'watching' ? kind() : undefined));
    expect(state.gaps).toHaveLength(1);
    expect(Date.parse(state.gaps[0]!.until)).toBeGreaterThan(Date.parse(state.gaps[0]!.from));
    expect(
      watched.told
        .filter((line) => /default\/[abcd]$/.test(line))
        .slice(3)
        .sort(),
    ).toEqual([
      'added ConfigMap default/c',
      'added ConfigMap default/d',
      'changed ConfigMap default/a',
      'removed ConfigMap default/b',
      'removed ConfigMap default/c',
    ]);
    await put('e', '1');
    await retryUntil('what comes after', () => known().includes('e=1'));
  });

  it('outlive an API server that is killed under them again and again', async () => {
    for (const round of ['1', '2', '3']) {
      cluster.kill('kube-apiserver');
      await retryUntil('the trouble', () => kind()?.state === 'reconnecting');
      await cluster.start();
      await put(`round-${round}`, round);
    }
    const expected = ['round-1=1', 'round-2=2', 'round-3=3'].join();
    await retryUntil('all rounds', () => known().join() === expected);
  });
});
