import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_CLUSTER, onCluster } from './control-plane.ts';
import { waitForRoles } from './permissions/access-review.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const SECRETS = '/api/v1/namespaces/shop/secrets';
const MERGE = 'application/merge-patch+json';
const HIDDEN = Buffer.from('hidden').toString('base64');

/** Attacks of our table that the words of the API do not make plain: a real API server is asked whether they work. */
describe.skipIf(NO_CLUSTER !== '')(onCluster('ways to secrets'), () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await startCluster({ parts: ['kube-controller-manager'] });
    await cluster.kubectl(['create', 'namespace', 'shop']);
    await cluster.request('POST', SECRETS, { metadata: { name: 'db' }, data: { password: HIDDEN } });
    for (const verb of ['patch', 'deletecollection', 'update']) {
      const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: [verb] }];
      const subjects = [{ kind: 'User', name: verb, apiGroup: 'rbac.authorization.k8s.io' }];
      const roleRef = { kind: 'Role', name: verb, apiGroup: 'rbac.authorization.k8s.io' };
      await cluster.request('POST', `${RBAC}/namespaces/shop/roles`, { metadata: { name: verb }, rules });
      await cluster.request('POST', `${RBAC}/namespaces/shop/rolebindings`, {
        metadata: { name: verb },
        subjects,
        roleRef,
      });
    }
    const rules = [{ apiGroups: [''], resources: ['namespaces'], verbs: ['patch'] }];
    const owner = { kind: 'User', name: 'owner', apiGroup: 'rbac.authorization.k8s.io' };
    const roleRef = { kind: 'Role', name: 'owner', apiGroup: 'rbac.authorization.k8s.io' };
    await cluster.request('POST', `${RBAC}/namespaces/shop/roles`, { metadata: { name: 'owner' }, rules });
    await cluster.request('POST', `${RBAC}/namespaces/shop/rolebindings`, {
      metadata: { name: 'owner' },
      subjects: [owner],
      roleRef,
    });
    await waitForRoles(cluster);
  });

  afterAll(async () => await cluster?.stop());

  it('a patch that changes nothing answers with the secret', async () => {
    const asPatcher = { user: 'patch', contentType: MERGE };
    expect((await cluster.request('GET', `${SECRETS}/db`, undefined, { user: 'patch' })).status).toBe(403);
    const { status, body } = await cluster.request('PATCH', `${SECRETS}/db`, {}, asPatcher);
    expect([status, body.data]).toEqual([200, { password: HIDDEN }]);
  });

  it('deleting all as a trial answers with all, and deletes none', async () => {
    const { status, body } = await cluster.request('DELETE', `${SECRETS}?dryRun=All`, undefined, {
      user: 'deletecollection',
    });
    expect([
      status,
      body.items?.find((item: { metadata: { name: string } }) => item.metadata.name === 'db')?.data,
    ]).toEqual([200, { password: HIDDEN }]);
    expect((await cluster.request('GET', `${SECRETS}/db`)).status).toBe(200);
  });

  it('an update answers with what was sent, and not with what was there', async () => {
    const { body } = await cluster.request(
      'PUT',
      `${SECRETS}/db?dryRun=All`,
      { metadata: { name: 'db' } },
      { user: 'update' },
    );
    expect(JSON.stringify(body)).not.toContain(HIDDEN);
  });

  it('a binding in a namespace lets its subject change the namespace itself', async () => {
    const labels = { 'pod-security.kubernetes.io/enforce': 'privileged' };
    const path = '/api/v1/namespaces/shop';
    const { status } = await cluster.request(
      'PATCH',
      path,
      { metadata: { labels } },
      { user: 'owner', contentType: MERGE },
    );
    expect(status).toBe(200);
    expect(
      (await cluster.request('PATCH', '/api/v1/namespaces/default', {}, { user: 'owner', contentType: MERGE })).status,
    ).toBe(403);
  });
});
