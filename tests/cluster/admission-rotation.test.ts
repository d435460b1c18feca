import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AdmissionSources,
  DEFAULT_SETTINGS,
  openDecisionLog,
  webhookConfiguration,
} from '@breakwater/app/admission';
import {
  type AdmissionServer,
  type ApiServer,
  type CertificateSource,
  type Judges,
  keepInSecret,
  listenForReviews,
  openApiServer,
  openJudges,
  ownCertificates,
  patchWebhook,
  type ServingCertificate,
} from '@breakwater/server/admission';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POLICIES, pod } from './admission/objects.ts';
import { NO_CLUSTER, onCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const DAY = 86_400_000;
const PODS = '/api/v1/namespaces/shop/pods';
/** Days, such that everything that is served in three weeks is good today, on the API server's own clock. */
const LIFETIMES = { authority: 24, server: 22, settling: 1 };

describe.skipIf(NO_CLUSTER !== '')(onCluster('certificates of admission'), () => {
  let cluster: Cluster;
  let folder: string;
  let api: ApiServer;
  let judges: Judges;
  let server: AdmissionServer;
  let serving: ServingCertificate;
  /** What day it is for certificates. */
  let day = -21;
  const reports: string[] = [];
  const report = (message: string) => void reports.push(message);
  const own = (): CertificateSource => {
    const source = ownCertificates(keepInSecret(api, 'shop', 'certificates'), ['127.0.0.1'], report, LIFETIMES);
    return () => source(new Date(Date.now() + day * DAY));
  };

  beforeAll(async () => {
    cluster = await startCluster();
    await cluster.kubectl(['create', 'namespace', 'shop']);
    await cluster.kubectl(['create', 'secret', 'generic', 'certificates', '-n', 'shop']);
    const create = (line: string) => cluster.kubectl(['create', ...line.split(' ')]);
    await create('serviceaccount admission -n shop');
    // What the chart gives, and no more.
    await create('role admission -n shop --verb=get,update --resource=secrets --resource-name=certificates');
    await create('rolebinding admission -n shop --role=admission --serviceaccount=shop:admission');
    const webhooks = 'validatingwebhookconfigurations';
    await create(`clusterrole admission --verb=get,patch --resource=${webhooks} --resource-name=breakwater`);
    await create('clusterrolebinding admission --clusterrole=admission --serviceaccount=shop:admission');
    folder = mkdtempSync(join(tmpdir(), 'breakwater-rotation-'));
    writeFileSync(join(folder, 'policies.yaml'), POLICIES);
    writeFileSync(join(folder, 'ca.crt'), cluster.authority);
    writeFileSync(join(folder, 'token'), await cluster.kubectl(['create', 'token', 'admission', '-n', 'shop']));
    const { hostname, port } = new URL(cluster.url);
    api = await openApiServer(folder, { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port });
    const sources: AdmissionSources = { state: folder, policies: [join(folder, 'policies.yaml')] };
    judges = await openJudges({ sources, settings: DEFAULT_SETTINGS, report });
    server = await listenForReviews({
      ...{ host: '127.0.0.1', port: 0, judges, report },
      settings: DEFAULT_SETTINGS,
      certificates: own(),
      decisions: openDecisionLog(join(folder, 'decisions.jsonl'), report),
      onCertificate(newest) {
        serving = newest;
      },
    });
    const clientConfig = { url: `https://127.0.0.1:${server.port}/admit` };
    const settings = { ...DEFAULT_SETTINGS, failure: 'fail' as const };
    const made = webhookConfiguration('breakwater', judges.current(), settings, clientConfig);
    await cluster.kubectl(['apply', '-f', '-'], made);
    await patch();
    await retryUntil('the first denial', async () => (await tryPrivileged()).status === 403);
  });
  afterAll(async () => {
    await server?.close();
    await judges?.close();
    api?.close();
    await cluster?.stop();
    if (folder) rmSync(folder, { recursive: true });
  });

  const tryPrivileged = () => cluster.request('POST', `${PODS}?dryRun=All`, pod('bad', { privileged: true }));
  const patch = async () => {
    const { watched } = judges.current();
    return (await patchWebhook(api, 'breakwater', { serving, watched, narrows: false })).changed;
  };
  const authorities = (bundle = '') =>
    bundle.split(/(?<=-----END CERTIFICATE-----\n)/).filter((text) => text.trim() !== '');

  it('are renewed, authority and all, while an API server that fails closed goes on asking', async () => {
    let asking = true;
    const statuses = (async () => {
      const seen: number[] = [];
      while (asking) seen.push((await tryPrivileged()).status);
      return seen;
    })();
    const served = new Set<string>();
    const trusted = new Set<string>();
    for (; day <= 0; day += 0.5) {
      await server.renew();
      await patch();
      served.add(serving.certificate);
      for (const authority of authorities(serving.bundle)) trusted.add(authority);
    }
    asking = false;
    expect(served.size).toBeGreaterThanOrEqual(3);
    expect(trusted.size).toBe(2);
    expect(new X509Certificate(serving.certificate).validToDate.getTime()).toBeGreaterThan(Date.now());
    const seen = await statuses;
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.filter((status) => status !== 403)).toEqual([]);
    expect(reports).toEqual([]);
  });

  it('are the same for replicas, who take what the first one wrote', async () => {
    const [one, two] = await Promise.all([own()(new Date()), own()(new Date())]);
    expect([one.certificate, two.certificate]).toEqual([serving.certificate, serving.certificate]);
    day = 16;
    const renewed = await Promise.all([own()(new Date()), own()(new Date()), own()(new Date())]);
    expect(new Set(renewed.map(({ certificate }) => certificate)).size).toBe(1);
    expect(renewed[0]?.certificate).not.toBe(serving.certificate);
  });

  it('need no writing where nothing is due', async () => {
    const version = async () =>
      (await cluster.request('GET', '/api/v1/namespaces/shop/secrets/certificates')).body.metadata.resourceVersion;
    const before = await version();
    await own()(new Date());
    expect(await version()).toBe(before);
    expect(await patch()).toBe(false);
  });
});
