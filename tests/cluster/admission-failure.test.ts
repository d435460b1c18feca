import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS } from './admission/access.ts';
import { POLICIES, pod } from './admission/objects.ts';
import { authorityOf, prepareWebhook, type Webhook } from './admission/start-webhook.ts';
import { NO_CLUSTER, onCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const GIVEN = process.env['BREAKWATER_TEST_CLUSTER'] === 'writable';
const PODS = '/api/v1/namespaces/shop/pods';
const WEBHOOK = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/breakwater';

describe.skipIf(NO_CLUSTER !== '')(onCluster('admission, when something is away'), () => {
  let cluster: Cluster;
  let webhook: Webhook;
  let folder: string;
  const tryPrivileged = () => cluster.request('POST', `${PODS}?dryRun=All`, pod('bad', { privileged: true }));
  const until = (status: number) =>
    retryUntil(`status ${status}`, async () => ((await tryPrivileged()).status === status ? true : undefined));

  beforeAll(async () => {
    cluster = await startCluster();
    await cluster.kubectl(['create', 'namespace', 'shop']);
    await cluster.kubectl(['apply', '-f', '-'], { apiVersion: 'v1', kind: 'List', items: ACCESS });
    const { body } = await cluster.request('POST', '/api/v1/namespaces/breakwater/serviceaccounts/admission/token', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    folder = mkdtempSync(join(tmpdir(), 'breakwater-service-account-'));
    writeFileSync(join(folder, 'token'), body.status.token);
    writeFileSync(join(folder, 'ca.crt'), cluster.authority);
    const { hostname, port } = new URL(cluster.url);
    webhook = await prepareWebhook(
      POLICIES,
      ['--webhook', 'breakwater', '--ask-api-server', '--break-glass-permission', '--service-account', folder],
      { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
    );
  });
  afterAll(async () => {
    if (folder) rmSync(folder, { recursive: true });
    await webhook?.remove();
    await cluster?.stop();
  });

  it('registers by itself: rules for its policies and its authority, with rights to nothing else', async () => {
    // As a chart makes it: without authority and rules.
    await webhook.register(cluster, ['--failure', 'ignore', '--quiet']);
    const emptied = { webhooks: [{ name: 'admission.breakwater.dev', rules: [], clientConfig: { caBundle: null } }] };
    const contentType = 'application/strategic-merge-patch+json';
    await cluster.request('PATCH', WEBHOOK, emptied, { contentType });
    await webhook.start();
    await until(403);
    const { body } = await cluster.request('GET', WEBHOOK);
    expect(Buffer.from(body.webhooks[0].clientConfig.caBundle, 'base64').toString()).toBe(authorityOf(webhook));
    expect(body.webhooks[0].rules.length).toBeGreaterThan(3);
  });

  it('asks for the pod that somebody wants to enter, and for who may break the glass', async () => {
    expect((await cluster.request('POST', PODS, pod('good'))).status).toBe(201);
    const entered = await cluster.request('POST', `${PODS}/good/exec?command=sh&stdin=true`, undefined, {
      user: 'alice',
      groups: ['system:masters'],
    });
    expect(entered.status).toBe(403);
    expect(entered.body.message).toContain('no shell in web for alice');
    const annotations = { 'breakwater.dev/break-glass': 'the site is down' };
    const broken = pod('broken', { privileged: true, annotations });
    const as = async (user: string) => (await cluster.request('POST', `${PODS}?dryRun=All`, broken, { user })).status;
    expect(await as('oncall')).toBe(201);
    expect(await as('developer')).toBe(403);
  });

  it('fails open or closed by choice while the webhook is killed, and refuses again when it is back', async () => {
    await webhook.kill();
    await until(201);
    const closed = { webhooks: [{ name: 'admission.breakwater.dev', failurePolicy: 'Fail' }] };
    await cluster.request('PATCH', WEBHOOK, closed, { contentType: 'application/strategic-merge-patch+json' });
    await until(500);
    await webhook.start();
    await until(403);
    expect((await cluster.request('POST', `${PODS}?dryRun=All`, pod('fine'))).status).toBe(201);
  });

  it.skipIf(GIVEN)('goes on while the API server is away, and starts without it', async () => {
    cluster.kill('kube-apiserver');
    expect(await health(webhook)).toContain('"status":"ok"');
    await webhook.kill();
    await webhook.start();
    expect(await health(webhook)).toContain('"status":"ok"');
    await cluster.start();
    await until(403);
  });
});

function health(webhook: Webhook): Promise<string> {
  const agent = new Agent({ ca: authorityOf(webhook) });
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: webhook.port, path: '/healthz', agent }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => resolve(text));
    }).on('error', reject);
  });
}
