import { existsSync } from 'node:fs';
import { compileNetwork } from '@breakwater/app/least-privilege';
import type { JsonObject } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_CLUSTER, onCluster } from './control-plane.ts';
import { Api } from './differential/api.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const ESTATES = [
  'examples',
  '../shared/estates/microservices-demo/release/kubernetes-manifests.yaml',
  '../shared/estates/kubernetes-goat',
  '../shared/estates/kube-prometheus/manifests',
  '../shared/estates/kubernetes-examples',
  '../shared/estates/argo-cd',
].filter((path) => existsSync(path));

/** What is compiled is asked of a real API server, policy by policy, without keeping it. */
describe.skipIf(NO_CLUSTER !== '')(onCluster('NetworkPolicies of least privilege'), () => {
  let cluster: Cluster;
  let api: Api;

  beforeAll(async () => {
    cluster = await startCluster();
    api = await Api.open(cluster.kubeconfig);
  });

  afterAll(async () => {
    api?.close();
    await cluster?.stop();
  });

  it.each(ESTATES)('%s: an API server takes each as it is, and warns of nothing', async (path) => {
    const { clusters } = await compileNetwork([path], { ingressNamespaces: [], excludedNamespaces: [] });
    const policies = clusters.flatMap((compiled) => compiled.policies);
    expect(policies.length).toBeGreaterThan(0);
    const namespaces = new Set(policies.map(({ metadata }) => (metadata as { namespace: string }).namespace));
    for (const name of namespaces) await ensureNamespace(api, name);
    for (const policy of policies) {
      const { status, body, warnings } = await api.tryCreate(policy);
      expect([status, warnings], `${JSON.stringify(policy['metadata'])}: ${String(body.message)}`).toEqual([201, []]);
      expect(specOf(body), 'nothing is dropped').toMatchObject(specOf(policy));
    }
  });
});

const specOf = (object: JsonObject): object => {
  const { ingress = [], egress = [], ...spec } = object['spec'] as JsonObject;
  return { ...spec, ...(length(ingress) > 0 && { ingress }), ...(length(egress) > 0 && { egress }) };
};

const length = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

async function ensureNamespace(api: Api, name: string): Promise<void> {
  const known = (await api.namespace(name)) as { kind?: string };
  if (known.kind !== 'Namespace') await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}
