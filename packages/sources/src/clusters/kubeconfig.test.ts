import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { findContext, readContexts } from './kubeconfig.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-kubeconfig-'));
});

afterEach(() => vi.unstubAllEnvs());

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, contexts: string[], current = '', server = `https://${name}.example`): string {
  const config = {
    'current-context': current,
    contexts: contexts.map((context) => ({ name: context, context: { cluster: name, user: name, namespace: 'shop' } })),
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: { token: 'very-secret' } }],
  };
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, JSON.stringify(config));
  return path;
}

describe('contexts', () => {
  it('are those of all kubeconfigs that were named, the first of a name counts', async () => {
    const kubeconfigs = [write('a', ['east', 'both'], 'east'), write('b', ['west', 'both'], 'west')];
    const contexts = await readContexts({ kubeconfigs });
    expect(contexts.map(({ name, cluster }) => `${name} ${cluster.server}`)).toEqual([
      'east https://a.example',
      'both https://a.example',
      'west https://b.example',
    ]);
    expect((await findContext('current', { kubeconfigs })).name).toBe('east');
    expect((await findContext('west', { kubeconfigs })).namespace).toBe('shop');
  });

  it('come from KUBECONFIG, else from the home folder, and of no file that is not there', async () => {
    const environment = { KUBECONFIG: `${join(folder, 'missing')}:${write('c', ['north'])}`, HOME: folder };
    expect((await readContexts({ environment })).map(({ name }) => name)).toEqual(['north']);
    write('.kube/config', ['home']);
    expect((await readContexts({ environment: { HOME: folder } })).map(({ name }) => name)).toEqual(['home']);
    expect(await readContexts({ environment: { HOME: join(folder, 'nowhere') } })).toEqual([]);
  });

  it('are the service account inside of a cluster', async () => {
    const secrets = join(folder, 'pod', 'var/run/secrets/kubernetes.io/serviceaccount');
    mkdirSync(secrets, { recursive: true });
    for (const name of ['token', 'ca.crt', 'namespace']) writeFileSync(join(secrets, name), name);
    vi.stubEnv('KUBECONFIG', '');
    vi.stubEnv('HOME', join(folder, 'nowhere'));
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.0.0.1');
    vi.stubEnv('KUBERNETES_SERVICE_PORT', '443');
    const context = await findContext('current', { serviceAccountPrefix: join(folder, 'pod') });
    expect([context.name, context.cluster.server]).toEqual(['in-cluster', 'https://10.0.0.1:443']);
  });

  it('that nobody has are told with those that there are', async () => {
    const kubeconfigs = [write('d', ['one', 'two'])];
    await expect(findContext('three', { kubeconfigs })).rejects.toMatchObject({
      code: 'context-unknown',
      hint: 'There are: one, two.',
    });
    await expect(findContext('current', { kubeconfigs })).rejects.toMatchObject({ code: 'context-unknown' });
  });

  it.each([
    ['not YAML', '{{'],
    ['nothing', ''],
  ])('of a file that holds %s cannot be had', async (_, text) => {
    const path = join(folder, 'broken');
    writeFileSync(path, text);
    await expect(readContexts({ kubeconfigs: [path] })).rejects.toMatchObject({ code: 'kubeconfig-unreadable' });
    await expect(readContexts({ kubeconfigs: [join(folder, 'missing')] })).rejects.toMatchObject({
      code: 'kubeconfig-unreadable',
    });
  });
});
