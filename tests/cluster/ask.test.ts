import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QuestionSheet } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../packages/cli/src/testing/run-command.ts';
import { NO_OWN_CLUSTER, onOwnCluster } from './control-plane.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: {
    containers: [{ name: 'c', image: `registry.example/${name}:1`, securityContext: { privileged: true } }],
    automountServiceAccountToken: false,
  },
});
const developers = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'developers', namespace: 'shop' },
  subjects: [{ kind: 'Group', name: 'developers', apiGroup: 'rbac.authorization.k8s.io' }],
  roleRef: { kind: 'ClusterRole', name: 'edit', apiGroup: 'rbac.authorization.k8s.io' },
};
/** Nobody answers there, and what cannot be asked is let through. */
const webhook = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'breakwater' },
  webhooks: [
    {
      name: 'admission.breakwater.dev',
      admissionReviewVersions: ['v1'],
      clientConfig: { url: 'https://127.0.0.1:1/admit' },
      failurePolicy: 'Ignore',
      sideEffects: 'None',
      timeoutSeconds: 1,
      rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
    },
  ],
};
const BLOCK = `apiVersion: breakwater/v1
kind: Setting
metadata: { name: block }
spec: { policies: [no-privileged-containers], enforcement: { deploy: block } }
`;

describe.skipIf(NO_OWN_CLUSTER !== '')(onOwnCluster('the questions of a live cluster'), () => {
  let cluster: Cluster;
  let folder: string;
  let items: QuestionSheet['items'];
  const answerTo = (id: string) => items.find((item) => item.id === id);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'breakwater-ask-'));
    await writeFile(join(folder, 'block.yaml'), BLOCK);
    cluster = await startCluster();
    for (const object of [namespace, pod('web'), pod('idle'), developers, webhook])
      await cluster.kubectl(['apply', '-f', '-'], object);
    await cluster.request(
      'PATCH',
      '/api/v1/namespaces/shop/pods/web/status',
      { status: { phase: 'Running', startTime: '2026-01-01T00:00:00Z' } },
      { contentType: 'application/merge-patch+json' },
    );
    const args = ['ask', '--cluster', 'current', '--policies', 'block.yaml', '-q', '-o', 'json'];
    const environment = { KUBECONFIG: cluster.kubeconfig };
    const { stdout, stderr } = await runCommand(args, { folder, state: join(folder, 'state'), environment });
    if (stdout === '') throw new Error(stderr);
    ({ items } = QuestionSheet.parse(JSON.parse(stdout)));
  });
  afterAll(async () => {
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('tells what runs, and who brought it', () => {
    const answer = answerTo('what-runs');
    expect(answer?.number).toMatchObject({ value: 1, of: 2 });
    expect(answer?.evidence[0]?.sentence).toContain('shop/web runs in 1 pod');
    expect(answer?.evidence[0]?.sentence).toContain('brought by kubectl apply');
  });

  it('finds our webhook in front of the API server, and what it would refuse', () => {
    expect(answerTo('refusal')).toMatchObject({ known: 'whole', number: { value: 2, of: 2 } });
    expect(answerTo('enforcement-layers')?.parts.map(({ label }) => label)).toContain('Breakwater’s webhook');
  });

  it('names the people whose credentials open most, by the bindings that are there', () => {
    const answer = answerTo('leaked-credentials');
    expect(answer?.evidence.some(({ sentence }) => sentence.startsWith('A member of group developers'))).toBe(true);
    expect(answer?.number).toMatchObject({ value: 2, of: 2 });
  });
});
