import { fileURLToPath } from 'node:url';
import { DEFAULT_LADDER } from '@breakwater/engine/prevention';
import type { RuntimeEvent } from '@breakwater/model';
import { Guarding } from '@breakwater/sensor/guards';
import { type OpenReadiness, watchReadiness } from '@breakwater/sources/clusters';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findContext } from '../../packages/sources/src/clusters/index.ts';
import { NO_OWN_CLUSTER, onOwnCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const PODS = '/api/v1/namespaces/shop/pods';
const HOLD = 60_000;
const ROLE = fileURLToPath(new URL('../../deploy/rbac/sensor-readiness.yaml', import.meta.url));

describe.skipIf(NO_OWN_CLUSTER !== '')(onOwnCluster('guards of pods'), () => {
  let cluster: Cluster;
  let readiness: OpenReadiness;
  const told: RuntimeEvent[] = [];
  const rungs = new Map<string, string>();
  const troubles: (string | undefined)[] = [];
  const seen: string[] = [];
  let now = 0;
  const guarding = new Guarding({
    guard: { mounts: 'block' },
    ladder: { ...DEFAULT_LADDER, hold: HOLD, firstContainers: 1 },
    now: () => now,
    apply: (id, guard) => rungs.set(id, guard.mounts ?? ''),
    tell: (event) => told.push(event),
  });

  beforeAll(async () => {
    cluster = await startCluster();
    await cluster.request('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
    for (const [name, node] of [
      ['web-0', 'node-1'],
      ['web-1', 'node-1'],
      ['elsewhere', 'node-2'],
    ])
      await cluster.request('POST', PODS, {
        metadata: { name },
        spec: { nodeName: node, containers: [{ name: 'web', image: 'web:1' }] },
      });
    for (const name of ['web-0', 'web-1', 'elsewhere']) await probe(name, true);
    // It may list and watch pods, and nothing else.
    await cluster.kubectl(['apply', '-f', ROLE]);
    await cluster.request('POST', '/api/v1/namespaces/shop/serviceaccounts', { metadata: { name: 'sensor' } });
    await cluster.kubectl([
      'create',
      'clusterrolebinding',
      's',
      '--clusterrole=breakwater-sensor-readiness',
      '--serviceaccount=shop:sensor',
    ]);
    const token = (await cluster.kubectl(['create', 'token', 'sensor', '-n', 'shop'])).trim();
    const kubeconfig = await cluster.writeKubeconfig('sensor', token);
    readiness = watchReadiness(await findContext('current', { kubeconfigs: [kubeconfig] }), {
      node: 'node-1',
      retry: { first: 50, most: 500 },
      // A server that starts permits nothing for a moment: what it refused is asked for again.
      pollEvery: 1000,
      take: ({ namespace, name, isReady }) => {
        seen.push(`${name} ${isReady}`);
        guarding.health({ pod: `${namespace}/${name}` }, isReady);
      },
      onTrouble: (message) => troubles.push(message),
    });
    await readiness.listed;
  });
  afterAll(async () => {
    await readiness?.close();
    await cluster?.stop();
  });

  async function probe(name: string, isReady: boolean): Promise<void> {
    const condition = { type: 'Ready', status: isReady ? 'True' : 'False' };
    const status = { phase: 'Running', conditions: [condition] };
    const type = 'application/merge-patch+json';
    const answer = await cluster.request('PATCH', `${PODS}/${name}/status`, { status }, { contentType: type });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  }
  const container = (name: string) => ({
    pod: { namespace: 'shop', name, labels: {} },
    container: { id: name, name: 'web', image: 'web:1' },
  });
  const steps = (): string[] => told.flatMap(({ alert }) => alert?.message ?? []);

  it('go back to telling where a pod in which they stop is not ready any more', async () => {
    for (const name of ['web-0', 'web-1']) {
      guarding.guardOf(container(name));
      expect(readiness.of('shop', name)).toBe(true);
      guarding.health({ pod: `shop/${name}` }, true);
    }
    expect(readiness.of('shop', 'elsewhere')).toBeUndefined();
    for (let step = 0; step < 2; step++) {
      now += HOLD + 1;
      guarding.tick();
    }
    expect(['web-0', 'web-1'].map((name) => rungs.get(name))).toEqual(['block', 'audit']);
    // The probe of a pod in which they only tell says nothing about them.
    await probe('web-1', false);
    await retryUntil('that it is seen', () => seen.includes('web-1 false'));
    expect(steps().at(-1)).toContain('warn -> block');
    await probe('web-0', false);
    await retryUntil('the step back', () => steps().at(-1)?.includes('rolled back'));
    expect(steps().at(-1)).toContain('1 of 1 containers in which it stops are not ready any more');
    expect(rungs.get('web-0')).toBe('audit');
  });

  it('are not taken back by pods that end, and follow on when the API server was away', async () => {
    const before = steps().length;
    for (const name of ['web-0', 'web-1']) {
      await probe(name, true);
      await retryUntil(`that ${name} is ready`, () => readiness.of('shop', name));
    }
    for (let step = 0; step < 2; step++) {
      now += 2 * HOLD + 1;
      guarding.tick();
    }
    expect(
      steps()
        .slice(before)
        .map((step) => /\w+ -> \w+/.exec(step)?.[0]),
    ).toEqual(['audit -> warn', 'warn -> block']);
    cluster.kill('kube-apiserver');
    await retryUntil('the trouble', () => troubles.at(-1) !== undefined);
    await cluster.start();
    await retryUntil('that it is over', () => troubles.at(-1) === undefined, { timeout: 60_000 });
    // A pod that is deleted is not ready for as long as it ends: that is as it should be.
    await cluster.kubectl(['delete', 'pod', 'web-0', '-n', 'shop', '--grace-period=30', '--wait=false']);
    await probe('web-0', false);
    await retryUntil('that it ends', () => readiness.of('shop', 'web-0') === undefined, { timeout: 90_000 });
    expect(steps().at(-1)).toContain('warn -> block');
  });
});
