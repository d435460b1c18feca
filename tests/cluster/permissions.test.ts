import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatReaderRole, readerRules } from '../../packages/app/src/clusters/index.ts';
import {
  chooseKinds,
  discoverKinds,
  findContext,
  openClient,
  readCluster,
} from '../../packages/sources/src/clusters/index.ts';
import { NO_OWN_CLUSTER, onOwnCluster } from './control-plane.ts';
import { KNOWN_EXTENSIONS } from './permissions/known-extensions.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';
import { watchCluster } from './watched-cluster.ts';

const RBAC = new URL('../../deploy/rbac/', import.meta.url).pathname;
const READER = 'system:serviceaccount:breakwater:breakwater-reader';

describe.skipIf(NO_OWN_CLUSTER !== '')(onOwnCluster('what reading a cluster may do'), () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await startCluster({ parts: ['kube-controller-manager'] });
    for (const file of ['reader.yaml', 'reader-role.yaml']) await cluster.kubectl(['apply', '-f', join(RBAC, file)]);
    await cluster.kubectl(['create', 'namespace', 'shop']);
    await cluster.kubectl([
      'create',
      'secret',
      'generic',
      'database',
      '--from-literal=password=very-secret',
      '-n',
      'shop',
    ]);
    await cluster.kubectl(['create', 'configmap', 'settings', '--from-literal=a=b', '-n', 'shop']);
  });

  afterAll(async () => await cluster?.stop());

  /** A kubeconfig of a service account. */
  const kubeconfigOf = async (namespace: string, name: string) => {
    const token = (await cluster.kubectl(['create', 'token', name, '-n', namespace])).trim();
    return { token, kubeconfig: await cluster.writeKubeconfig(name, token) };
  };
  /** Paths that the API server refused to a user, by its own audit log. */
  const refusedTo = (user: string) =>
    readFileSync(join(cluster.state, 'audit.log'), 'utf8')
      .split('\n')
      .filter((line) => line.includes(`"username":"${user}"`))
      .map((line) => JSON.parse(line) as { requestURI: string; responseStatus?: { code: number } })
      .filter(({ responseStatus }) => responseStatus?.code === 403)
      .map(({ requestURI }) => requestURI);

  it('is what the role that we ship permits, kind by kind', async () => {
    const client = openClient(await findContext('current', { kubeconfigs: [cluster.kubeconfig] }));
    const kinds = chooseKinds((await discoverKinds(client)).kinds);
    client.close();
    const shipped = readFileSync(join(RBAC, 'reader-role.yaml'), 'utf8').replace(/^#.*\n/gm, '');
    expect(shipped).toBe(formatReaderRole('breakwater-reader', readerRules([...kinds, ...KNOWN_EXTENSIONS])));
    expect(shipped).not.toMatch(/- secrets$|\*|create|update|patch|delete|impersonate|escalate|bind\b/m);
  });

  it('suffices to read all with nothing refused, and opens no secret', async () => {
    const { kubeconfig, token } = await kubeconfigOf('breakwater', 'breakwater-reader');
    const { objects, unknowns } = await readCluster(await findContext('current', { kubeconfigs: [kubeconfig] }));
    expect(objects.some(({ kind, name }) => kind === 'ConfigMap' && name === 'settings')).toBe(true);
    expect(unknowns.map(({ code }) => code)).toEqual(['cluster-secrets-unread']);
    const watched = await watchCluster({ kubeconfig });
    expect(watched.status().kinds.filter(({ state }) => state !== 'watching')).toEqual([]);
    await watched.close();
    expect(refusedTo(READER)).toEqual([]);
    const paths = ['/api/v1/secrets', '/api/v1/namespaces/shop/secrets', '/api/v1/namespaces/shop/secrets/database'];
    for (const path of paths) expect((await cluster.request('GET', path, undefined, { token })).status).toBe(403);
    const pod = { metadata: { name: 'x' }, spec: { containers: [{ name: 'x', image: 'x' }] } };
    const made = await cluster.request('POST', '/api/v1/namespaces/shop/pods', pod, { token });
    expect(made.status).toBe(403);
  });

  it('with the names of secrets permitted too, keeps their names and no value', async () => {
    await cluster.kubectl(['apply', '-f', join(RBAC, 'secret-names.yaml')]);
    const { kubeconfig } = await kubeconfigOf('breakwater', 'breakwater-reader');
    const context = await findContext('current', { kubeconfigs: [kubeconfig] });
    const { objects, unknowns } = await retryUntil('the permission', async () => {
      const read = await readCluster(context);
      return read.unknowns.length === 0 ? read : undefined;
    });
    expect(unknowns).toEqual([]);
    expect(objects.some(({ kind, name }) => kind === 'Secret' && name === 'database')).toBe(true);
    expect(JSON.stringify(objects)).not.toContain(Buffer.from('very-secret').toString('base64'));
  });

  it('names each permission that a user lacks, and reads the one namespace that is granted', async () => {
    await cluster.kubectl(['create', 'serviceaccount', 'developer', '-n', 'shop']);
    await cluster.kubectl([
      'create',
      'rolebinding',
      'developer',
      '--clusterrole=view',
      '--serviceaccount=shop:developer',
      '-n',
      'shop',
    ]);
    const { kubeconfig } = await kubeconfigOf('shop', 'developer');
    const context = { ...(await findContext('current', { kubeconfigs: [kubeconfig] })), namespace: 'shop' };
    const { objects, unknowns, unread } = await readCluster(context);
    expect(objects.map(({ namespace }) => namespace).filter((namespace) => namespace !== 'shop')).toEqual([]);
    expect(objects.some(({ kind, name }) => kind === 'ConfigMap' && name === 'settings')).toBe(true);
    const messages = unknowns.map(({ message }) => message);
    expect(messages).toContain(
      'Node objects of cluster developer were not read: list and watch nodes in all namespaces is not permitted.',
    );
    expect(unread.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Node', 'ClusterRole', 'ConfigMap']));
    const watched = await watchCluster({ kubeconfig });
    expect(watched.status().kinds.find(({ name }) => name === 'nodes')).toMatchObject({ state: 'refused', objects: 0 });
    expect(watched.status().unknowns.length).toBeGreaterThan(10);
    await watched.close();
  });

  it('says what is wrong with credentials that are not taken', async () => {
    const kubeconfig = await cluster.writeKubeconfig('stranger', 'no-such-token');
    const reading = readCluster(await findContext('current', { kubeconfigs: [kubeconfig] }));
    await expect(reading).rejects.toMatchObject({ code: 'cluster-sign-in-refused' });
    const message = await reading.catch((error: Error) => `${error.message}${error.stack}`);
    expect(message).not.toContain('no-such-token');
  });
});
