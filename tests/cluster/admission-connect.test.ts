import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS } from './admission/access.ts';
import { pod, policy } from './admission/objects.ts';
import { prepareWebhook, type Webhook } from './admission/start-webhook.ts';
import { NO_CLUSTER, onCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const PODS = '/api/v1/namespaces/shop/pods';
const MAY_ALL = ['system:masters'];

const POLICIES = [
  policy(
    'no-attach',
    '{ kinds: [PodAttachOptions], operations: [CONNECT] }',
    `{ each: containers, expr: "c.image.startsWith('nginx')", message: "request.userInfo.username + ' may not attach to ' + c.name" }`,
  ),
  policy(
    'no-port-forward',
    '{ kinds: [PodPortForwardOptions], operations: [CONNECT] }',
    `{ expr: "namespaceObject.metadata.?labels.?stage.orValue('') == 'production' && workload.labels.?tier.orValue('') == 'data'", message: "request.userInfo.username + ' may not forward ports of data in production'" }`,
  ),
].join('');

describe.skipIf(NO_CLUSTER !== '')(onCluster('policies on attach and port-forward'), () => {
  let cluster: Cluster;
  let webhook: Webhook;
  let folder: string;
  const connect = (way: string, name: string, user = 'alice') =>
    cluster.request('POST', `${PODS}/${name}/${way}`, undefined, { user, groups: MAY_ALL });
  /** Nothing runs pods here: what is let through ends at the kubelet that is not there. */
  const isLetThrough = async (way: string, name: string, user?: string) => {
    const { status, body } = await connect(way, name, user);
    return status !== 403 && !String(body?.message).includes('denied the request');
  };

  beforeAll(async () => {
    cluster = await startCluster();
    await cluster.request('POST', '/api/v1/namespaces', {
      metadata: { name: 'shop', labels: { stage: 'production' } },
    });
    await cluster.kubectl(['apply', '-f', '-'], { apiVersion: 'v1', kind: 'List', items: ACCESS });
    for (const object of [pod('web'), pod('database', { labels: { tier: 'data' } })])
      expect((await cluster.request('POST', PODS, object)).status).toBe(201);
    folder = mkdtempSync(join(tmpdir(), 'breakwater-service-account-'));
    const token = '/api/v1/namespaces/breakwater/serviceaccounts/admission/token';
    const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    writeFileSync(join(folder, 'token'), (await cluster.request('POST', token, asked)).body.status.token);
    writeFileSync(join(folder, 'ca.crt'), cluster.authority);
    const { hostname, port } = new URL(cluster.url);
    webhook = await prepareWebhook(
      POLICIES,
      ['--ask-api-server', '--break-glass-user', 'oncall', '--service-account', folder],
      { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
    );
    await webhook.start();
    await webhook.register(cluster);
    await retryUntil('the first denial', async () =>
      (await connect('attach', 'web')).status === 403 ? true : undefined,
    );
  });
  afterAll(async () => {
    await webhook?.remove();
    await cluster?.stop();
    if (folder) rmSync(folder, { recursive: true });
  });

  it('refuse by what runs in the pod that is entered, and who enters it', async () => {
    const { status, body } = await connect('attach?stdin=true', 'web');
    expect(status).toBe(403);
    expect(body.message).toMatch(/no-attach: alice may not attach to web http\S+$/);
    // Nothing was said of what is run in it.
    expect(await isLetThrough('exec?command=ls', 'web')).toBe(true);
  });

  it('refuse by the labels of pod and namespace, and let others through', async () => {
    const { status, body } = await connect('portforward', 'database');
    expect(status).toBe(403);
    expect(body.message).toMatch(/no-port-forward: alice may not forward ports of data in production http\S+$/);
    expect(await isLetThrough('portforward', 'web')).toBe(true);
    const labels = (stage: string) =>
      cluster.request(
        'PATCH',
        '/api/v1/namespaces/shop',
        { metadata: { labels: { stage } } },
        { contentType: 'application/merge-patch+json' },
      );
    await labels('test');
    // A namespace is asked for anew after a few seconds.
    await retryUntil('another stage', async () => ((await isLetThrough('portforward', 'database')) ? true : undefined));
    await labels('production');
    await retryUntil('the stage', async () =>
      (await connect('portforward', 'database')).status === 403 ? true : undefined,
    );
  });

  it('let those through who may break the glass, while its time lasts, and nobody else', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const annotate = (time: string) =>
      cluster.kubectl(
        [
          'annotate',
          'pod',
          'web',
          'database',
          '-n',
          'shop',
          '--overwrite',
          '--as=oncall',
          '--as-group=system:masters',
        ].concat('breakwater.dev/break-glass=the site is down', `breakwater.dev/break-glass-until=${time}`),
      );
    await annotate(until);
    for (const [way, name] of [
      ['attach', 'web'],
      ['portforward', 'database'],
    ] as const) {
      expect(await isLetThrough(way, name, 'oncall')).toBe(true);
      expect((await connect(way, name, 'alice')).status).toBe(403);
    }
    await annotate(new Date(Date.now() - 1_000).toISOString());
    expect((await connect('attach', 'web', 'oncall')).status).toBe(403);
    expect((await connect('portforward', 'database', 'oncall')).status).toBe(403);
  });

  it('name a pod that is not there as not known, and let it come to nothing', async () => {
    expect((await connect('attach', 'nobody')).status).toBe(404);
  });
});
