import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DriftReport, Ranking, ScanReport, SprawlReport, WhyReport } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../packages/cli/src/testing/run-command.ts';
import { NO_OWN_CLUSTER, onOwnCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

const cart = (spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart', namespace: 'shop', labels: { app: 'cart' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'cart' } },
    template: {
      metadata: { labels: { app: 'cart' } },
      spec: {
        containers: [
          {
            name: 'cart',
            image: 'registry.example/shop/cart:2.9',
            ports: [{ containerPort: 8080 }],
            resources: { limits: { cpu: '1000m', memory: '512Mi' } },
            env: [{ name: 'DB_PASSWORD', value: 'from-git' }],
          },
        ],
        ...spec,
      },
    },
  },
});
const service = (name: string, app: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] },
});
const settings = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop' },
  data: { a: 'b' },
});
const list = (...items: object[]) => ({ apiVersion: 'v1', kind: 'List', items });

describe.skipIf(NO_OWN_CLUSTER !== '')(onOwnCluster('questions to live clusters'), () => {
  let cluster: Cluster;
  let other: Cluster;
  let folder: string;
  let env: Record<string, string>;

  const ask = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCommand(args, { folder, state: join(folder, 'state'), environment: env });
    return { code, stderr, text: stdout, json: <T>() => JSON.parse(stdout) as T };
  };
  const git = async (...items: object[]) => {
    const path = join(folder, 'git.json');
    await writeFile(path, JSON.stringify(list(...items)));
    return path;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'breakwater-questions-'));
    [cluster, other] = await Promise.all([
      startCluster({ parts: ['kube-controller-manager', 'kube-scheduler', 'kwok'] }),
      startCluster(),
    ]);
    env = { KUBECONFIG: cluster.kubeconfig };
    await cluster.kubectl(['create', 'namespace', 'shop']);
    await cluster.request('POST', '/api/v1/nodes', { metadata: { name: 'node-1' } });
    const objects = list(cart(), service('cart', 'cart'), service('nobody', 'gone'), settings('left-over'));
    await cluster.kubectl(['apply', '-f', '-'], objects);
    await cluster.kubectl(['run', 'debug', '--image=busybox', '-n', 'shop']);
    const pods = await retryUntil('the pods', async () => {
      const { body } = await cluster.request('GET', '/api/v1/namespaces/shop/pods?labelSelector=app%3Dcart');
      const running = body.items.filter((pod: { status: { phase: string } }) => pod.status.phase === 'Running');
      return running.length === 2 ? running : undefined;
    });
    // No container runs here: what a node would say of it is said for one.
    const status = {
      containerStatuses: [
        { name: 'cart', image: 'x', imageID: `registry.example/shop/cart@${DIGEST}`, ready: true, restartCount: 0 },
      ],
    };
    await cluster.request(
      'PATCH',
      `/api/v1/namespaces/shop/pods/${pods[0].metadata.name}/status`,
      { status },
      { contentType: 'application/merge-patch+json' },
    );
  });

  afterAll(async () => {
    await Promise.all([cluster?.stop(), other?.stop()]);
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('are answered by scan and rank as for files, each object once and not again for what it owns', async () => {
    const scan = await ask('scan', 'cluster:cluster', '--output', 'json');
    const [target] = scan.json<ScanReport>().targets;
    expect(target?.target).toBe('cluster:cluster');
    const subjects = new Set(target?.policies.map(({ subject }) => subject));
    expect(subjects).toContain('cluster/shop/Deployment/cart');
    expect([...subjects].filter((subject) => /ReplicaSet|Pod\/cart/.test(subject))).toEqual([]);
    const ranking = (await ask('rank', '--cluster', 'cluster', '--output', 'json')).json<Ranking>();
    expect(ranking.workloads.map(({ id }) => id).sort()).toEqual([
      'cluster/shop/Deployment/cart',
      'cluster/shop/Pod/debug',
    ]);
  });

  it('tell what runs and why: owners, the digest that runs, who deployed it', async () => {
    const { workloads } = (
      await ask('cluster', 'why', 'shop/cart', '--audit', join(cluster.state, 'audit.log'), '-o', 'json')
    ).json<WhyReport>();
    expect(workloads).toHaveLength(1);
    expect(workloads[0]).toMatchObject({
      pods: { running: 2, total: 2 },
      images: [{ container: 'cart', reference: 'registry.example/shop/cart:2.9', digests: [DIGEST], injected: false }],
      deployedBy: { tool: 'kubectl apply', user: 'admin' },
      services: ['shop/cart'],
      nodes: ['node-1'],
    });
    expect(workloads[0]?.owners.map(({ kind, count }) => [kind, count])).toEqual([
      ['Pod', 2],
      ['ReplicaSet', 1],
      ['Deployment', 1],
    ]);
    const byDigest = (await ask('cluster', 'why', DIGEST, '-o', 'json')).json<WhyReport>();
    expect(byDigest.workloads.map(({ workload }) => workload.name)).toEqual(['cart']);
    expect((await ask('cluster', 'why', 'nothing-like-it')).code).toBe(2);
  });

  it('find no drift where Git and cluster are the same, whatever the server completed', async () => {
    const same = await git(cart(), service('cart', 'cart'));
    const { json, code } = await ask('cluster', 'drift', same, '-o', 'json');
    expect(json<DriftReport>().items.filter(({ state }) => state !== 'extra')).toEqual([]);
    expect(json<DriftReport>()).toMatchObject({ compared: 2, same: 2 });
    expect(code).toBe(0);
  });

  it('find drift: what was changed by hand with who did it, what is missing, what Git does not know', async () => {
    const patch = [
      { op: 'add', path: '/spec/template/spec/hostNetwork', value: true },
      { op: 'replace', path: '/spec/template/spec/containers/0/env/0/value', value: 'by-hand' },
    ];
    await cluster.kubectl(['patch', 'deployment', 'cart', '-n', 'shop', '--type=json', '-p', JSON.stringify(patch)]);
    const { json, code, text } = await ask(
      'cluster',
      'drift',
      await git(cart(), service('missing', 'cart')),
      '-o',
      'json',
    );
    const { items } = json<DriftReport>();
    const changed = items.find(({ state }) => state === 'changed');
    expect(changed?.fields).toMatchObject([
      {
        pointer: ['spec', 'template', 'spec', 'containers', 0, 'env', 0, 'value'],
        change: 'changed',
        manager: 'kubectl-patch',
      },
      { pointer: ['spec', 'template', 'spec', 'hostNetwork'], change: 'added', live: true, manager: 'kubectl-patch' },
    ]);
    expect(text).not.toMatch(/by-hand|from-git/);
    expect(items.filter(({ state }) => state === 'missing').map(({ object }) => object.name)).toEqual(['missing']);
    const extra = items.filter(({ state }) => state === 'extra').map(({ object }) => `${object.kind} ${object.name}`);
    expect(extra.sort()).toEqual(['ConfigMap left-over', 'Pod debug', 'Service cart', 'Service nobody']);
    expect(code).toBe(1);
  });

  it('find what nobody needs', async () => {
    const { items } = (await ask('cluster', 'sprawl', '-o', 'json')).json<SprawlReport>();
    const found = items.map(({ kind, object }) => `${kind} ${object.namespace}/${object.name}`).sort();
    expect(found).toEqual([
      'dead-service shop/nobody',
      'orphaned-workload shop/debug',
      'unused-config-map shop/left-over',
    ]);
  });

  it('are put to several clusters at once, and one that is away is told while the others answer', async () => {
    await other.kubectl(['create', 'namespace', 'shop']);
    await other.kubectl(['apply', '-f', '-'], cart());
    const named = async (from: Cluster, name: string, server = from.url) => {
      const { users, clusters } = JSON.parse(await from.kubectl(['config', 'view', '--raw', '-o', 'json']));
      const config = {
        contexts: [{ name, context: { cluster: name, user: name } }],
        clusters: [{ name, cluster: { ...clusters[0].cluster, server } }],
        users: [{ name, user: users[0].user }],
      };
      const path = join(folder, `${name}.json`);
      await writeFile(path, JSON.stringify(config));
      return path;
    };
    const away = await named(other, 'away', 'https://127.0.0.1:1');
    const files = [await named(cluster, 'east'), await named(other, 'west'), away];
    const options = files.flatMap((file) => ['--kubeconfig', file]);
    const contexts = ['east', 'west', 'away'].flatMap((name) => ['--cluster', name]);
    const { json, code } = await ask('rank', ...options, ...contexts, '--output', 'json');
    const ranking = json<Ranking>();
    expect(new Set(ranking.workloads.map(({ cluster: name }) => name))).toEqual(new Set(['east', 'west']));
    expect(ranking.unknowns.filter(({ place }) => place.source === 'cluster:away').map(({ code: why }) => why)).toEqual(
      ['cluster-unreachable'],
    );
    expect(code).toBe(0);
    const scan = await ask('scan', ...options, ...contexts, '--output', 'json');
    expect(scan.json<ScanReport>().verdict).not.toBe('pass');
  });

  it('print for people what they print for programs', async () => {
    expect((await ask('cluster', 'contexts')).text).toContain('*  cluster');
    expect((await ask('cluster', 'status')).text).toMatch(/cluster {2}https:\/\/127\.0\.0\.1:\d+ {2}v1\./);
    expect((await ask('cluster', 'why')).text).toMatch(/owners +\d Pods? <- .*ReplicaSet.* <- Deployment cart/);
    expect((await ask('cluster', 'sprawl')).text).toContain('Service shop/nobody');
    expect((await ask('cluster', 'rbac')).text).toContain('kind: ClusterRole');
    const unknown = await ask('cluster', 'status', '--context', 'nowhere');
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("context named 'nowhere'")]);
  });
});
