import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveJudgement } from '../../packages/app/src/clusters/index.ts';
import { openPolicySet } from '../../packages/app/src/estate/index.ts';
import { NO_OWN_CLUSTER, onOwnCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';
import { type Watched, watchCluster } from './watched-cluster.ts';

const PODS = 5000;
const NODES = 50;
const NAMESPACES = 10;
const MIB = 1024 * 1024;

describe.skipIf(NO_OWN_CLUSTER !== '')(onOwnCluster(`a cluster with ${PODS} pods`), () => {
  let cluster: Cluster;
  let watched: Watched;
  let judgement: LiveJudgement;

  beforeAll(async () => {
    cluster = await startCluster({ parts: ['kwok'] });
    for (let node = 0; node < NODES; node += 1) {
      await cluster.request('POST', '/api/v1/nodes', { metadata: { name: `node-${node}` } });
    }
    for (let index = 0; index < NAMESPACES; index += 1) {
      await cluster.request('POST', '/api/v1/namespaces', { metadata: { name: `team-${index}` } });
    }
  }, 60_000);

  afterAll(async () => {
    await watched?.close();
    await cluster?.stop();
  });

  it('is followed in bounded memory while all of them come', { timeout: 300_000 }, async () => {
    const { policySet } = await openPolicySet([], '2026-01-02T00:00:00Z');
    judgement = new LiveJudgement(policySet);
    let events = 0;
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    watched = await watchCluster(cluster, {
      onChange: (change) => {
        events += 1;
        judgement.take(change);
      },
    });
    judgement.judge();
    await createPods(cluster);
    await retryUntil('all pods', () => judgement.size.objects >= PODS && podsOf(watched) === PODS, {
      timeout: 120_000,
    });
    const started = process.cpuUsage();
    const { objects, surroundings } = judgement.judge();
    const took = process.cpuUsage(started).user / 1000;
    const grown = (process.memoryUsage().rss - before) / MIB;
    const failing = [...judgement.results()].filter(({ verdict }) => verdict === 'fail').length;
    console.log(
      `${PODS} pods: ${events} events, ${Math.round(grown)} MiB more memory; judged ${objects} objects and ${surroundings} with their surroundings in ${Math.round(took)} ms of CPU; ${failing} failures`,
    );
    expect(objects).toBeGreaterThanOrEqual(PODS);
    expect(failing).toBeGreaterThan(PODS);
    expect(grown).toBeLessThan(700);
  });

  it('is judged anew only where it changed', async () => {
    judgement.judge();
    const path = '/api/v1/namespaces/team-0/pods/pod-0';
    const before = failuresOf(judgement, 'pod-0');
    await cluster.request(
      'PATCH',
      path,
      { metadata: { labels: { tier: 'front' } } },
      { contentType: 'application/merge-patch+json' },
    );
    await retryUntil('the label', () => watched.told.includes('changed Pod team-0/pod-0') && isPending(judgement));
    expect(failuresOf(judgement, 'pod-0')).toEqual(before);
    const made = { metadata: { name: 'bad' }, spec: { nodeName: 'node-0', containers: [container(true)] } };
    await cluster.request('POST', '/api/v1/namespaces/team-1/pods', made);
    await retryUntil('the new pod', () => watched.told.includes('added Pod team-1/bad'));
    const started = process.cpuUsage();
    const { objects, surroundings } = judgement.judge();
    const took = process.cpuUsage(started).user / 1000;
    console.log(
      `one pod changed: ${objects} object and ${surroundings} with their surroundings in ${took.toFixed(1)} ms of CPU`,
    );
    expect(objects).toBeLessThanOrEqual(2);
    expect(surroundings).toBeLessThanOrEqual(PODS / NAMESPACES + 20);
    expect(failuresOf(judgement, 'bad')).toContain('no-privileged-containers');
  });

  it('is not judged at all for heartbeats and statuses', async () => {
    judgement.judge();
    const status = { status: { conditions: [{ type: 'Ready', status: 'False', reason: 'Test' }] } };
    const told = watched.told.length;
    await cluster.request('PATCH', '/api/v1/namespaces/team-2/pods/pod-2/status', status, {
      contentType: 'application/merge-patch+json',
    });
    await retryUntil('the status', () => watched.told.slice(told).includes('changed Pod team-2/pod-2'));
    expect(judgement.judge()).toEqual({ objects: 0, surroundings: 0 });
  });
});

function container(privileged: boolean): object {
  return { name: 'main', image: 'registry.example/shop/app:1', securityContext: { privileged } };
}

async function createPods(cluster: Cluster): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < PODS) {
      const index = next++;
      const pod = {
        metadata: { name: `pod-${index}`, labels: { app: `app-${index % 100}` } },
        spec: { nodeName: `node-${index % NODES}`, containers: [container(false)] },
      };
      const { status } = await cluster.request('POST', `/api/v1/namespaces/team-${index % NAMESPACES}/pods`, pod);
      if (status !== 201) throw new Error(`pod ${index}: HTTP ${status}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

function podsOf(watched: Watched): number {
  return watched.status().kinds.find(({ name }) => name === 'pods')?.objects ?? 0;
}

function isPending(judgement: LiveJudgement): boolean {
  return judgement.judge().objects === 1;
}

function failuresOf(judgement: LiveJudgement, name: string): string[] {
  return [...judgement.results()]
    .filter(({ subject, verdict }) => verdict === 'fail' && subject.endsWith(`/${name}`))
    .map(({ policy }) => policy)
    .sort();
}
