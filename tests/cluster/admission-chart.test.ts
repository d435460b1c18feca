import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHART, HELM, hasHelm, withHelm } from '../suite/chart.ts';
import { pod } from './admission/objects.ts';
import { prepareWebhook, type Webhook } from './admission/start-webhook.ts';
import { NO_CLUSTER, onCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const WEBHOOK = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/breakwater';
const PODS = '/api/v1/namespaces/shop/pods?dryRun=All';

describe.skipIf(NO_CLUSTER !== '' || !hasHelm)(onCluster(withHelm('the chart')), () => {
  let cluster: Cluster;
  let webhook: Webhook;
  let folder: string;
  const helm = (...args: string[]) =>
    execFileSync(HELM, [...args, '--namespace', 'breakwater', '--kubeconfig', cluster.kubeconfig], {
      encoding: 'utf8',
      env: { ...process.env, HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder },
    });
  const registered = async () => (await cluster.request('GET', WEBHOOK)).body.webhooks[0];

  beforeAll(async () => {
    cluster = await startCluster();
    folder = mkdtempSync(join(tmpdir(), 'breakwater-chart-'));
    await cluster.kubectl(['create', 'namespace', 'shop']);
    helm('install', 'breakwater', CHART, '--create-namespace');
    const path = '/api/v1/namespaces/breakwater/serviceaccounts/breakwater/token';
    const tokenRequest = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const { body } = await cluster.request('POST', path, tokenRequest);
    writeFileSync(join(folder, 'token'), body.status.token);
    writeFileSync(join(folder, 'ca.crt'), cluster.authority);
    const { hostname, port } = new URL(cluster.url);
    // Nothing runs pods here: the webhook of the release runs beside the API server, with the rights of the chart.
    webhook = await prepareWebhook(
      'apiVersion: breakwater/v1\nkind: Setting\nmetadata: { name: block }\nspec: { policies: [no-privileged-containers], enforcement: { deploy: block } }\n',
      [
        ...['--webhook', 'breakwater', '--ask-api-server', '--break-glass-permission', '--service-account', folder],
        ...['--certificate-secret', 'breakwater/breakwater-certificates', '--name', '127.0.0.1'],
      ],
      { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
    );
  });
  afterAll(async () => {
    await webhook?.remove();
    await cluster?.stop();
    if (folder) rmSync(folder, { recursive: true });
  });

  /** Where this webhook listens, in place of a Service that leads nowhere here. */
  const leadHere = async () => {
    const clientConfig = { service: null, url: `https://127.0.0.1:${webhook.port}/admit` };
    const change = { webhooks: [{ name: 'admission.breakwater.dev', clientConfig }] };
    await cluster.request('PATCH', WEBHOOK, change, { contentType: 'application/strategic-merge-patch+json' });
  };

  it('asks about nothing until somebody serves', async () => {
    expect(await registered()).not.toHaveProperty('rules');
    await webhook.start();
    await retryUntil('rules', async () => ((await registered()).rules?.length > 0 ? true : undefined));
    expect((await registered()).clientConfig.caBundle).toMatch(/^LS0t/);
  });

  it('leaves rules and authority as they are in an upgrade, also with other values', async () => {
    const before = await registered();
    helm('upgrade', 'breakwater', CHART, '--set', 'failure=fail', '--set', 'excludedNamespaces={other}');
    const after = await registered();
    expect(after.failurePolicy).toBe('Fail');
    expect([after.rules, after.clientConfig.caBundle]).toEqual([before.rules, before.clientConfig.caBundle]);
    helm('rollback', 'breakwater', '1');
    const back = await registered();
    expect([back.failurePolicy, back.rules, back.clientConfig.caBundle]).toEqual([
      'Ignore',
      before.rules,
      before.clientConfig.caBundle,
    ]);
  });

  it('lets the sensor list and watch pods where its ladder is to know of them, and nothing else', async () => {
    const may = async (verb: string, resource: string): Promise<boolean> => {
      const spec = {
        user: 'system:serviceaccount:breakwater:breakwater-sensor',
        resourceAttributes: { verb, resource },
      };
      const asked = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
      return (await cluster.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', asked)).body.status
        .allowed;
    };
    const sensor = ['sensor.enabled=true', 'sensor.server=https://breakwater.example:7071', 'sensor.block={programs}'];
    const upgrade = (...more: string[]) =>
      helm('upgrade', 'breakwater', CHART, ...[...sensor, ...more].flatMap((setting) => ['--set', setting]));
    upgrade('sensor.ladder.seconds=600', 'sensor.ladder.readiness=true');
    await retryUntil('the right', async () => ((await may('list', 'pods')) ? true : undefined));
    const asked = ['watch pods', 'get pods', 'list secrets', 'list nodes'].map((text) => text.split(' '));
    const answers = await Promise.all(asked.map(([verb = '', resource = '']) => may(verb, resource)));
    expect(answers).toEqual([true, false, false, false]);
    upgrade();
    await retryUntil('no right', async () => ((await may('list', 'pods')) ? undefined : true));
  });

  it('has its rules again within seconds where somebody takes them away, and refuses', async () => {
    const change = { webhooks: [{ name: 'admission.breakwater.dev', rules: [], clientConfig: { caBundle: null } }] };
    await cluster.request('PATCH', WEBHOOK, change, { contentType: 'application/strategic-merge-patch+json' });
    await retryUntil('rules', async () => ((await registered()).rules?.length > 0 ? true : undefined));
    expect((await registered()).clientConfig.caBundle).toMatch(/^LS0t/);
    await leadHere();
    await retryUntil('a denial', async () => {
      const { status } = await cluster.request('POST', PODS, pod('bad', { privileged: true }));
      return status === 403 ? true : undefined;
    });
  });
});
