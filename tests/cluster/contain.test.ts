import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tellResponse } from '@breakwater/app/containment';
import { issueSensorKey } from '@breakwater/app/ingest';
import { approveResponse, openClusterApi, openJournal, readRespondSettings } from '@breakwater/app/respond';
import type { Contained, Containment, Incident, IncidentPage } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand, startCommand } from '../../packages/cli/src/testing/run-command.ts';
import { openEstateStore } from '../../packages/cli/src/up/open-estate-store.ts';
import { NO_OWN_CLUSTER, onOwnCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const PATIENCE = { timeout: 90_000, interval: 300 };
const POLICIES = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies';
const PODS = '/api/v1/namespaces/shop/pods';

/** From the events of an attack to a pod that is cut off, and back: each step by what a person uses for it. */
describe.skipIf(NO_OWN_CLUSTER !== '')(onOwnCluster('an incident in a cluster'), () => {
  let cluster: Cluster;
  let folder: string;
  let state: string;
  let server: ChildProcess;
  let wrote = '';
  let key = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'breakwater-contain-'));
    state = join(folder, 'state');
    cluster = await startCluster({ parts: ['kube-controller-manager', 'kube-scheduler', 'kwok'] });
    await make('/api/v1/nodes', { metadata: { name: 'node-1' } });
    await make('/api/v1/namespaces', { metadata: { name: 'shop' } });
    const labels = { app: 'web' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1' }] } };
    const spec = { replicas: 2, selector: { matchLabels: labels }, template };
    await make('/apis/apps/v1/namespaces/shop/deployments', { metadata: { name: 'web' }, spec });
    const service = { selector: labels, ports: [{ port: 80 }] };
    await make('/api/v1/namespaces/shop/services', { metadata: { name: 'web' }, spec: service });
    const store = await openEstateStore(state);
    const issued = issueSensorKey('east', new Date().toISOString());
    await store.ingest.addKey(issued.key);
    await store.close();
    key = issued.text;
    const environment = { KUBECONFIG: cluster.kubeconfig };
    const args = ['up', '--cluster', 'current', '--port', '0', '--ingest-port', '0'];
    server = startCommand(args, { folder, state, environment });
    for (const stream of [server.stdout, server.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        wrote += text;
      });
    await retryUntil('the estate of the cluster', () => wrote.includes('workloads, expected loss'), PATIENCE);
  }, 240_000);

  afterAll(async () => {
    const ended = server && new Promise((resolve) => server.once('exit', resolve));
    server?.kill('SIGINT');
    await ended;
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function make(path: string, object: object): Promise<void> {
    const { status, body } = await cluster.request('POST', path, object);
    expect(status, JSON.stringify(body)).toBe(201);
  }
  const get = async (path: string) => (await cluster.request('GET', path)).body;
  const serving = async (): Promise<string[]> => {
    const { items } = await get(`${PODS}?labelSelector=app%3Dweb`);
    return items.map(({ metadata }: { metadata: { name: string } }) => metadata.name).sort();
  };
  async function ask<T>(path: string, body?: object): Promise<T> {
    const { url, token } = JSON.parse(await readFile(join(state, 'api.json'), 'utf8'));
    const answer = await fetch(url + path, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    return JSON.parse(text) as T;
  }
  const respond = (...args: string[]) =>
    runCommand(['respond', ...args], { folder, state, environment: { KUBECONFIG: cluster.kubeconfig } });

  /** What Tetragon or our sensor would tell of a shell out of nginx, and of a program that it brings. */
  async function attack(pod: string): Promise<void> {
    const where = {
      source: 'sensor',
      node: 'node-1',
      container: { name: 'web', image: 'nginx:1', id: `containerd://${'b7'.repeat(32)}` },
      pod: { namespace: 'shop', name: pod },
    };
    const time = new Date().toISOString();
    const sh = { path: '/bin/sh', arguments: '-c id', pid: 21, inImage: true };
    const events = [
      { ...where, time, type: 'exec', process: sh, parent: { path: '/usr/sbin/nginx', arguments: '', pid: 7 } },
      { ...where, time, type: 'exec', process: { path: '/tmp/x', arguments: '', pid: 24, inImage: false }, parent: sh },
    ];
    const address = /at (http:\/\/\S+\/api\/v1\/events)/.exec(wrote)?.[1] ?? '';
    const answer = await fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: events.map((event) => JSON.stringify(event)).join('\n'),
    });
    expect(answer.status).toBe(200);
  }
  const incidentOf = async (subject: string): Promise<Incident> =>
    await retryUntil(
      `the incident of ${subject}`,
      async () => {
        const { items } = await ask<IncidentPage>(`/api/incidents?subject=${encodeURIComponent(subject)}`);
        return items[0] && items[0].entries >= 2 && (await ask<Incident>(`/api/incidents/${items[0].id}`));
      },
      PATIENCE,
    );

  it('is contained by cutting its pod off, and open again when that is taken back', { timeout: 240_000 }, async () => {
    const pods = await retryUntil('two pods', async () => {
      const names = await serving();
      return names.length === 2 && names;
    });
    const [pod = ''] = pods;
    await attack(pod);
    const { id, status, facts } = await incidentOf('shop/Deployment/web');
    expect(status).toBe('open');
    // The estate that is followed is known to it: exposure is told, and not that nobody knows the workload.
    expect(facts.map(({ kind }) => kind)).toContain('exposure');

    const { options } = await ask<Containment>(`/api/incidents/${id}/containment`);
    const option = `quarantine shop/${pod}`;
    expect(options.map((one) => one.id)).toEqual([
      option,
      `delete-pod shop/${pod}`,
      'cordon node-1',
      'scale-to-zero shop/Deployment/web',
    ]);
    expect(await serving()).toEqual(pods);

    const done = await ask<Contained>(`/api/incidents/${id}/contain`, { option, reason: 'a shell out of nginx' });
    expect(done).toMatchObject({ step: 'done', incident: { status: 'contained' } });
    const cut = await get(`${PODS}/${pod}`);
    expect(cut.metadata.labels).toEqual({ 'breakwater.io/quarantine': cut.metadata.uid });
    const { items: policies } = await get(POLICIES);
    expect(policies.map(({ spec }: { spec: object }) => spec)).toEqual([
      {
        podSelector: { matchLabels: { 'breakwater.io/quarantine': cut.metadata.uid } },
        policyTypes: ['Ingress', 'Egress'],
      },
    ]);
    const another = await retryUntil('another in its place', async () => {
      const names = await serving();
      return names.length === 2 && !names.includes(pod) && names;
    });
    // The Service sends to those that serve, and no more to the one that was cut off.
    await retryUntil('the endpoints', async () => {
      const { items } = await get('/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices');
      const served = items.flatMap(({ endpoints }: { endpoints: { targetRef: { name: string } }[] | null }) =>
        (endpoints ?? []).map(({ targetRef }) => targetRef.name),
      );
      return served.sort().join() === another.join();
    });
    const again = await ask<Containment>(`/api/incidents/${id}/containment`);
    expect(again.unavailable.find((one) => one.id === option)?.reason).toContain('is in quarantine already');

    const undone = await respond('undo', done.response, '--reason', 'it was a drill');
    expect(undone.code, undone.stderr).toBe(0);
    expect((await get(POLICIES)).items).toEqual([]);
    expect((await get(`${PODS}/${pod}`)).metadata?.labels?.app ?? 'gone').toMatch(/^(?:web|gone)$/);
    await retryUntil('two pods again', async () => (await serving()).length === 2);
    const after = await ask<Incident>(`/api/incidents/${id}`);
    expect(after.status).toBe('open');
    expect(after.entries.filter(({ kind }) => kind === 'response').map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/quarantine: Made NetworkPolicy .* Because: a shell out of nginx$/),
      expect.stringMatching(/took back quarantine \(R.*Because: it was a drill$/),
    ]);
    const steps = openJournal(state)
      .entries()
      .map(({ step, incident }) => [step, incident]);
    expect(steps).toEqual(['begun', 'done', 'undoing', 'undone'].map((step) => [step, id]));
  });

  it('waits for a second person where that is asked for, and tells no pod from another of its name', {
    timeout: 240_000,
  }, async () => {
    await writeFile(join(state, 'respond.json'), JSON.stringify({ secondPerson: 'destructive' }));
    const spec = { containers: [{ name: 'web', image: 'nginx:1' }] };
    const lone = { metadata: { name: 'batch-0', labels: { app: 'batch' } }, spec };
    await make(PODS, lone);
    await retryUntil('the pod runs', async () => (await get(`${PODS}/batch-0`)).status.phase === 'Running');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await attack('batch-0');
    const { id } = await incidentOf('shop/Pod/batch-0');
    const option = 'delete-pod shop/batch-0';
    const asked = await ask<Contained>(`/api/incidents/${id}/contain`, { option, reason: 'a shell' });
    expect(asked).toMatchObject({ step: 'asked', incident: { status: 'open' } });
    expect((await get(`${PODS}/batch-0`)).metadata.deletionTimestamp).toBeUndefined();
    const self = await respond('approve', asked.response, '--reason', 'me too');
    expect([self.code, self.stderr]).toEqual([2, expect.stringContaining('somebody else has to agree')]);

    const api = await openClusterApi('current', { kubeconfigs: [cluster.kubeconfig] });
    const store = await openEstateStore(state);
    const journal = openJournal(state);
    const context = {
      ports: { cluster: api, folder, now: () => new Date() },
      ...{ settings: readRespondSettings(state), journal, newId: () => 'unused' },
    };
    const entry = await approveResponse(asked.response, { who: 'bob', reason: 'I saw it too' }, context);
    const ports = { incidents: store.incidents, now: Date.now };
    expect((await tellResponse(ports, entry, journal.entries()))?.status).toBe('contained');
    await store.close();
    api.close();
    await retryUntil('the pod is gone', async () => (await get(`${PODS}/batch-0`)).code === 404);

    // One of its name comes later, by the seconds that Kubernetes tells: nothing is done to it for what the other did.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await make(PODS, lone);
    const { options, unavailable } = await ask<Containment>(`/api/incidents/${id}/containment`);
    expect(options.map((one) => one.id)).not.toContain(option);
    const why = unavailable.find((one) => one.id.includes(option))?.reason;
    expect(why).toContain('it is another one of that name');
    const { url, token } = JSON.parse(await readFile(join(state, 'api.json'), 'utf8'));
    const refused = await fetch(`${url}/api/incidents/${id}/contain`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ option, reason: 'once more' }),
    });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect((await get(`${PODS}/batch-0`)).metadata.deletionTimestamp).toBeUndefined();
    expect(existsSync(join(state, 'responses.jsonl.lock'))).toBe(false);
  });
});
