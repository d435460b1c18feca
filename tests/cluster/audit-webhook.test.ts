import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueSensorKey } from '../../packages/app/src/ingest/index.ts';
import {
  type IngestService,
  ingestCertificates,
  openIngestService,
} from '../../packages/cli/src/ingest/open-ingest-service.ts';
import { openEstateStore } from '../../packages/cli/src/up/open-estate-store.ts';
import { NO_OWN_CLUSTER, onOwnCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

describe.skipIf(NO_OWN_CLUSTER !== '')(onOwnCluster('the audit webhook of an API server'), () => {
  let state: string;
  let service: IngestService;
  let cluster: Cluster;

  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'breakwater-audit-'));
    const { text, key } = issueSensorKey('cluster', new Date().toISOString());
    const store = await openEstateStore(state);
    await store.ingest.addKey(key);
    await store.close();
    // Over http an API server sends no token.
    const listen = { host: '0.0.0.0', port: 0 };
    service = await openIngestService({ state, listen, names: ['127.0.0.1'], perSecond: 50_000 });
    const authority = readFileSync(join(ingestCertificates(state), 'ca.crt')).toString('base64');
    const server = `https://127.0.0.1:${new URL(service.address ?? '').port}/api/v1/events`;
    const config = join(state, 'webhook.kubeconfig');
    const entry = { name: 'breakwater' };
    writeFileSync(
      config,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'breakwater',
        contexts: [{ ...entry, context: { cluster: 'breakwater', user: 'breakwater' } }],
        clusters: [{ ...entry, cluster: { server, 'certificate-authority-data': authority } }],
        users: [{ ...entry, user: { token: text } }],
      }),
    );
    const flags = `--audit-webhook-config-file=${config} --audit-webhook-batch-max-wait=500ms`;
    cluster = await startCluster({ environment: { APISERVER_FLAGS: flags } });
  });
  afterAll(async () => {
    await cluster?.stop();
    await service?.close();
    rmSync(state, { recursive: true, force: true });
  });

  const evidence = async () => {
    const store = await openEstateStore(state);
    try {
      return { ...(await store.ingest.evidence()), sensors: await store.ingest.sensors() };
    } finally {
      await store.close();
    }
  };

  it('tells of commands in pods, secrets that are read, pods that are given their node, and rights that are given away', async () => {
    await cluster.kubectl(['create', 'namespace', 'shop']);
    await cluster.kubectl(['create', 'secret', 'generic', 'database', '--from-literal=password=x', '-n', 'shop']);
    await cluster.kubectl(['get', 'secret', 'database', '-n', 'shop']);
    const pod = (spec: object) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'nginx', ...spec }] },
    });
    await cluster.request('POST', '/api/v1/namespaces/shop/pods', pod({ securityContext: { privileged: true } }));
    await cluster.request('POST', '/api/v1/namespaces/shop/pods/web/exec?command=id&container=web&stdout=true');
    await cluster.request('GET', '/api/v1/namespaces/shop/secrets', undefined, { user: 'mallory' });
    await cluster.kubectl(['create', 'clusterrolebinding', 'mallory', '--clusterrole=cluster-admin', '--user=mallory']);
    const wanted = [
      'Bound to cluster-admin',
      'Command run in a pod',
      'Pod with access to its node made',
      'Secret read',
    ];
    const { alerts, sensors } = await retryUntil('alerts of all four', async () => {
      const found = await evidence();
      const rules = new Set(found.alerts.map(({ alert }) => alert?.rule));
      const missing = wanted.filter((rule) => !rules.has(rule));
      if (missing.length > 0) throw new Error(`there is no ${missing.join(', no ')}: ${JSON.stringify(found.sensors)}`);
      return found;
    });
    const of = (rule: string) => alerts.filter(({ alert }) => alert?.rule === rule);
    expect(of('Command run in a pod')[0]).toMatchObject({
      source: 'kubernetes-audit',
      pod: { namespace: 'shop', name: 'web' },
      container: { name: 'web' },
      request: { user: 'admin', verb: 'create', resource: 'pods/exec', from: ['127.0.0.1'] },
    });
    expect(of('Pod with access to its node made')[0]).toMatchObject({ pod: { name: 'web', labels: { app: 'web' } } });
    const refused = of('Secret read').find(({ request }) => request?.user === 'mallory');
    expect(refused).toMatchObject({ failure: 'Forbidden', request: { impersonator: 'admin', allowed: false } });
    expect(sensors).toMatchObject([{ sensor: '', unknowns: 0, lost: 0 }]);
  });
});
