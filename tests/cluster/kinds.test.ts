import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findContext, readCluster } from '../../packages/sources/src/clusters/index.ts';
import { NO_CLUSTER, onCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';
import { watchCluster } from './watched-cluster.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const MIB = 1024 * 1024;

function definition(plural: string, kind: string): object {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    metadata: { name: `${plural}.tests.example` },
    spec: {
      group: 'tests.example',
      scope: 'Namespaced',
      names: { plural, kind },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

describe.skipIf(NO_CLUSTER !== '')(onCluster('kinds of a live cluster'), () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await startCluster();
  });

  afterAll(async () => await cluster?.stop());

  it('are followed from when they are defined until they are taken away', async () => {
    const watched = await watchCluster(cluster);
    try {
      await cluster.request('POST', DEFINITIONS, definition('widgets', 'Widget'));
      const path = '/apis/tests.example/v1/namespaces/default/widgets';
      const widget = { apiVersion: 'tests.example/v1', kind: 'Widget', metadata: { name: 'one' }, spec: { size: 3 } };
      await retryUntil('a widget', async () => (await cluster.request('POST', path, widget)).status === 201);
      await retryUntil('the widget is told', () => watched.told.includes('added Widget default/one'));
      await cluster.request('DELETE', `${DEFINITIONS}/widgets.tests.example`);
      await retryUntil('its end is told', () => watched.told.includes('removed Widget default/one'));
      await retryUntil('the kind is gone', () => !watched.status().kinds.some(({ kind }) => kind === 'Widget'));
      expect(watched.status().unknowns).toEqual([]);
    } finally {
      await watched.close();
    }
  });

  it('are read whole where objects are of a mebibyte and more: pages become smaller', async () => {
    const data = { text: 'x'.repeat(MIB - 100), note: 'kept' };
    for (let index = 0; index < 70; index += 1) {
      const made = await cluster.request('POST', '/api/v1/namespaces/default/configmaps', {
        metadata: { name: `large-${index}` },
        data,
      });
      expect(made.status).toBe(201);
    }
    await cluster.request('POST', DEFINITIONS, definition('crates', 'Crate'));
    const crate = { apiVersion: 'tests.example/v1', kind: 'Crate', metadata: { name: 'large' } };
    const spec = { text: 'x'.repeat(Math.round(1.3 * MIB)) };
    const path = '/apis/tests.example/v1/namespaces/default/crates';
    await retryUntil('a crate', async () => (await cluster.request('POST', path, { ...crate, spec })).status === 201);
    const context = await findContext('current', { kubeconfigs: [cluster.kubeconfig] });
    const before = process.memoryUsage().rss;
    const { objects, unknowns } = await readCluster(context, { only: ['configmaps', 'crates.tests.example'] });
    const grown = (process.memoryUsage().rss - before) / MIB;
    console.log(`70 ConfigMaps of 1 MiB: ${Math.round(grown)} MiB more memory`);
    const large = objects.filter(({ name }) => name.startsWith('large-'));
    expect(large).toHaveLength(70);
    expect(large.map(({ object }) => (object['data'] as { note: string }).note)).toEqual(Array(70).fill('kept'));
    expect(unknowns.filter(({ code }) => code === 'value-too-large')).toHaveLength(70);
    const [found] = objects.filter(({ kind }) => kind === 'Crate');
    expect((found!.object['spec'] as { text: string }).text).toHaveLength(spec.text.length);
    expect(grown).toBeLessThan(500);
  });

  it('keep of Secrets nothing but metadata, and not the copy that kubectl writes onto them', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'database', namespace: 'default' },
      stringData: { password: 'very-secret-text' },
    };
    await cluster.kubectl(['apply', '-f', '-'], secret);
    const stored = await cluster.request('GET', '/api/v1/namespaces/default/secrets/database');
    const encoded = Buffer.from('very-secret-text').toString('base64');
    expect(JSON.stringify(stored.body)).toContain(encoded);
    const context = await findContext('current', { kubeconfigs: [cluster.kubeconfig] });
    const { objects } = await readCluster(context);
    const text = JSON.stringify(objects);
    expect(objects.some(({ kind, name }) => kind === 'Secret' && name === 'database')).toBe(true);
    expect(text).not.toContain(encoded);
    expect(text).not.toContain('very-secret-text');
  });
});
