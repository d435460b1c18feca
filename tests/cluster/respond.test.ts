import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  openClusterApi,
  openJournal,
  planResponse,
  type RespondContext,
  RespondSettings,
  requestResponse,
  undoResponse,
} from '@breakwater/app/respond';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NO_OWN_CLUSTER, onOwnCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const ROLE = fileURLToPath(new URL('../../deploy/rbac/responder.yaml', import.meta.url));
const WHY = { who: 'alice', reason: 'it is tested' };
const PODS = '/api/v1/namespaces/shop/pods';
const POLICIES = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies';

const template = (labels: object) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'web', image: 'nginx:1' }] },
});
const podOf = (name: string, labels: object, namespace = 'shop') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  ...template(labels),
  metadata: { name, namespace, labels },
});

describe.skipIf(NO_OWN_CLUSTER !== '')(onOwnCluster('responses in a cluster'), () => {
  let cluster: Cluster;
  let api: Awaited<ReturnType<typeof openClusterApi>>;
  let folder = '';
  let context: RespondContext;
  let count = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-respond-'));
    cluster = await startCluster({ parts: ['kube-controller-manager'] });
    for (const name of ['shop', 'breakwater'])
      await cluster.request('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    for (const namespace of ['shop', 'breakwater', 'kube-system'])
      await retryUntil(`the service account of ${namespace}`, async () => {
        const { status } = await cluster.request('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/default`);
        return status === 200;
      });
    // The responder may do what its role says, and nothing else.
    await cluster.kubectl(['apply', '-f', ROLE]);
    await cluster.kubectl(['create', 'serviceaccount', 'responder', '-n', 'breakwater']);
    const binding = ['create', 'clusterrolebinding', 'responder', '--clusterrole=breakwater-responder'];
    await cluster.kubectl([...binding, '--serviceaccount=breakwater:responder']);
    const token = (await cluster.kubectl(['create', 'token', 'responder', '-n', 'breakwater'])).trim();
    const kubeconfig = await cluster.writeKubeconfig('responder', token);
    api = await openClusterApi('responder', { kubeconfigs: [kubeconfig] });
  });
  afterAll(async () => {
    api?.close();
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    const state = mkdtempSync(join(folder, 'state-'));
    context = {
      ports: { cluster: api, folder: state, now: () => new Date() },
      settings: RespondSettings.parse({}),
      journal: openJournal(state),
      newId: () => `R${++count}`,
    };
  });

  const get = async (path: string) => (await cluster.request('GET', path)).body;
  const make = async (path: string, object: object) => {
    const { status, body } = await cluster.request('POST', path, object);
    expect(status, JSON.stringify(body)).toBe(201);
    return body;
  };

  it('delete the pod that was looked at, and make a lone one anew when that is undone', async () => {
    const { metadata } = await make(PODS, podOf('alone', { app: 'alone' }));
    const config = { namespace: 'shop', pod: 'alone', seconds: 0 };
    const planned = await planResponse({ response: 'delete-pod', config }, context.ports, context.settings, []);
    expect(planned.plan.steps).toEqual(['Delete pod shop/alone, with 0 s to end.']);
    expect((await get(`${PODS}/alone`)).metadata.uid).toBe(metadata.uid);
    const forged = { ...planned.plan, state: { uid: 'of-an-earlier-one' } };
    await expect(planned.kind.execute(config, forged, context.ports)).rejects.toMatchObject({ code: 'target-changed' });
    const { id } = await requestResponse({ response: 'delete-pod', config, ...WHY }, context);
    expect((await get(`${PODS}/alone`)).code).toBe(404);
    await undoResponse(id, WHY, context);
    const again = await get(`${PODS}/alone`);
    expect([again.metadata.labels, again.spec.containers[0].image]).toEqual([{ app: 'alone' }, 'nginx:1']);
    expect(again.metadata.uid).not.toBe(metadata.uid);
  });

  it('cut a pod off from what selects it, say what stays open, and give it back', async () => {
    const spec = { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }) };
    await make('/apis/apps/v1/namespaces/shop/deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec,
    });
    const open = (name: string, podSelector: object) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name },
      spec: { podSelector, policyTypes: ['Egress'], egress: [{}] },
    });
    await make(POLICIES, open('web-may', { matchLabels: { app: 'web' } }));
    await make(POLICIES, open('all-may', {}));
    const pods = async () => (await get(`${PODS}?labelSelector=app%3Dweb`)).items;
    const [pod] = await retryUntil('the pod of the deployment', async () => {
      const items = await pods();
      return items.length === 1 && items;
    });
    const config = { namespace: 'shop', pod: pod.metadata.name };
    const { plan } = await planResponse({ response: 'quarantine', config }, context.ports, context.settings, []);
    expect(plan.effects.join('\n')).toContain('Stays open: NetworkPolicy all-may');
    expect(plan.effects.join('\n')).not.toContain('web-may');
    const { id } = await requestResponse({ response: 'quarantine', config, ...WHY }, context);
    const cutOff = await get(`${PODS}/${config.pod}`);
    expect(cutOff.metadata.labels).toEqual({ 'breakwater.io/quarantine': pod.metadata.uid });
    const policies = (await get(POLICIES)).items;
    const ours = policies.find(({ metadata }: { metadata: { name: string } }) =>
      metadata.name.startsWith('breakwater-quarantine-'),
    );
    expect(ours.spec).toEqual({
      podSelector: { matchLabels: { 'breakwater.io/quarantine': pod.metadata.uid } },
      policyTypes: ['Ingress', 'Egress'],
    });
    await retryUntil('another pod in its place', async () => (await pods()).length === 1);
    expect((await undoResponse(id, WHY, context)).said).toHaveLength(2);
    expect((await get(`${POLICIES}/${ours.metadata.name}`)).code).toBe(404);
    // Labelled as before it belongs to the deployment again, which takes one of the two away.
    await retryUntil('one pod again', async () => (await pods()).length === 1);
  });

  it('take up a quarantine that broke off, and take it back also where somebody removed the policy', async () => {
    const { metadata } = await make(PODS, podOf('broke-off', { app: 'broke-off' }));
    const policy = `breakwater-quarantine-${metadata.uid.slice(0, 8)}`;
    const spec = (label: string) => ({
      podSelector: { matchLabels: { 'breakwater.io/quarantine': label } },
      policyTypes: ['Ingress', 'Egress'],
    });
    const left = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: policy } };
    const config = { namespace: 'shop', pod: 'broke-off' };
    await make(POLICIES, { ...left, spec: spec('of-somebody-else') });
    await expect(requestResponse({ response: 'quarantine', config, ...WHY }, context)).rejects.toMatchObject({
      code: 'target-changed',
    });
    await cluster.request('DELETE', `${POLICIES}/${policy}`);
    await make(POLICIES, { ...left, spec: spec(metadata.uid) });
    const { id } = await requestResponse({ response: 'quarantine', config, ...WHY }, context);
    const labels = async () => (await get(`${PODS}/broke-off`)).metadata.labels;
    expect(await labels()).toEqual({ 'breakwater.io/quarantine': metadata.uid });
    await cluster.request('DELETE', `${POLICIES}/${policy}`);
    expect((await undoResponse(id, WHY, context)).said.join(' ')).toContain('was gone already');
    expect(await labels()).toEqual({ app: 'broke-off' });
  });

  it('keep new pods from a node, and let them come again', async () => {
    await make('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } });
    const { id } = await requestResponse({ response: 'cordon', config: { node: 'node-1' }, ...WHY }, context);
    expect((await get('/api/v1/nodes/node-1')).spec.unschedulable).toBe(true);
    const twice = requestResponse({ response: 'cordon', config: { node: 'node-1' }, ...WHY }, context);
    await expect(twice).rejects.toMatchObject({ code: 'nothing-to-do' });
    await undoResponse(id, WHY, context);
    expect((await get('/api/v1/nodes/node-1')).spec.unschedulable ?? false).toBe(false);
  });

  it('scale a workload to zero and back, and suspend a CronJob', async () => {
    const spec = { replicas: 3, selector: { matchLabels: { app: 'queue' } }, template: template({ app: 'queue' }) };
    const path = '/apis/apps/v1/namespaces/shop/statefulsets';
    await make(path, {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'queue' },
      spec: { ...spec, serviceName: 'queue' },
    });
    const config = { namespace: 'shop', kind: 'StatefulSet', name: 'queue' };
    const { id } = await requestResponse({ response: 'scale-to-zero', config, ...WHY }, context);
    expect((await get(`${path}/queue`)).spec.replicas).toBe(0);
    await undoResponse(id, WHY, context);
    expect((await get(`${path}/queue`)).spec.replicas).toBe(3);
    const jobs = '/apis/batch/v1/namespaces/shop/cronjobs';
    const job = { ...template({}), spec: { ...template({}).spec, restartPolicy: 'Never' } };
    await make(jobs, {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template: job } } },
    });
    const nightly = { namespace: 'shop', kind: 'CronJob', name: 'nightly' };
    const suspended = await requestResponse({ response: 'scale-to-zero', config: nightly, ...WHY }, context);
    expect((await get(`${jobs}/nightly`)).spec.suspend).toBe(true);
    await undoResponse(suspended.id, WHY, context);
    expect((await get(`${jobs}/nightly`)).spec.suspend).toBe(false);
  });

  it('touch nothing of Kubernetes and nothing of our own, and no more in an hour than is allowed', async () => {
    await make('/api/v1/namespaces/kube-system/pods', podOf('dns', { app: 'dns' }, 'kube-system'));
    await make(PODS, podOf('sensor', { 'app.kubernetes.io/name': 'breakwater' }));
    for (const config of [
      { namespace: 'kube-system', pod: 'dns' },
      { namespace: 'shop', pod: 'sensor' },
    ]) {
      const refused = requestResponse({ response: 'delete-pod', config, ...WHY }, context);
      await expect(refused).rejects.toMatchObject({ code: 'response-refused' });
    }
    context.settings = RespondSettings.parse({ mostPerHour: 1 });
    for (const name of ['first', 'second']) await make(PODS, podOf(name, { app: name }));
    await requestResponse(
      { response: 'delete-pod', config: { namespace: 'shop', pod: 'first', seconds: 0 }, ...WHY },
      context,
    );
    const more = requestResponse(
      { response: 'delete-pod', config: { namespace: 'shop', pod: 'second', seconds: 0 }, ...WHY },
      context,
    );
    await expect(more).rejects.toMatchObject({ code: 'response-refused' });
    expect((await get(`${PODS}/second`)).metadata.name).toBe('second');
  });

  it('take no permission beyond those of the shipped role', async () => {
    const secrets = await api.ask('GET', '/api/v1/namespaces/shop/secrets');
    const roles = await api.ask(
      'PATCH',
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/breakwater-responder',
      {},
      'application/merge-patch+json',
    );
    expect([secrets.status, roles.status]).toEqual([403, 403]);
  });
});
