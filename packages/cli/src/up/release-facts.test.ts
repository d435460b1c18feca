import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIngest } from '@breakwater/app/ingest';
import { attachToLayout, openLearner, signProfile } from '@breakwater/app/profiles';
import type { BehaviourProfile } from '@breakwater/model';
import type { EstateStore } from '@breakwater/store';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { assessApart } from './assess-apart.ts';
import { openEstateStore } from './open-estate-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-facts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const state = join(folder, 'state');
const estate = join(folder, 'estate');
const profileKey = join(folder, 'profile.pub');
const keys = generateKeyPairSync('ed25519');
writeFileSync(profileKey, keys.publicKey.export({ type: 'spki', format: 'pem' }));

/** An image of programs as an OCI layout; gives its id. */
function buildImage(tag: string, programs: string[]): string {
  const root = join(folder, `root-${tag}`);
  const layout = join(estate, `cart-${tag}`);
  mkdirSync(join(root, 'app'), { recursive: true });
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true });
  for (const name of programs) writeFileSync(join(root, 'app', name), `#!/bin/sh\necho ${name}\n`, { mode: 0o755 });
  execFileSync('tar', ['-cf', join(folder, 'layer.tar'), '-C', root, 'app']);
  const put = (mediaType: string, content: Buffer | string) => {
    const bytes = Buffer.from(content as string);
    const hash = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(layout, 'blobs/sha256', hash), bytes);
    return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
  };
  const layer = put('application/vnd.oci.image.layer.v1.tar', readFileSync(join(folder, 'layer.tar')));
  const rootfs = { type: 'layers', diff_ids: [layer.digest] };
  const config = put(
    'application/vnd.oci.image.config.v1+json',
    JSON.stringify({ os: 'linux', architecture: 'amd64', config: { Entrypoint: ['/app/server'] }, rootfs }),
  );
  const manifest = put(
    'application/vnd.oci.image.manifest.v1+json',
    JSON.stringify({ schemaVersion: 2, config, layers: [layer] }),
  );
  const annotations = { 'org.opencontainers.image.ref.name': `shop/cart:${tag}` };
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(
    join(layout, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }),
  );
  return config.digest;
}

function deploy(tag: string): void {
  const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: web, image: 'shop/cart:${tag}' }] }
`;
  writeFileSync(join(estate, 'cart.yaml'), manifest);
}

/** Reads the estate, and waits until what its releases hold is kept too. */
async function assess(store: EstateStore, digest: string): Promise<void> {
  const judging = { policies: [], packs: [], vex: [], reports: [] };
  const request = { paths: [estate], state, profileKey, now: new Date().toISOString(), clusters: {}, ...judging };
  await assessApart(request, new AbortController().signal, () => {});
  await vi.waitFor(
    async () => expect(await store.behaviour.facts('shop/Deployment/cart', 'web', digest)).toBeDefined(),
    { timeout: 120_000, interval: 200 },
  );
}

describe('what an estate tells of releases', { timeout: 400_000 }, () => {
  it('explains what a new release does, with what differs from the one before', async () => {
    mkdirSync(estate, { recursive: true });
    const [old, fresh] = [buildImage('1', ['server']), buildImage('2', ['server', 'migrate'])];
    const recorded: BehaviourProfile = {
      ...{ subject: 'shop/cart:1', origin: 'recorded', partial: false, dimensions: ['exec'] },
      behaviours: [{ dimension: 'exec', actor: '/app/server', parent: '', object: '/usr/bin/id' }],
    };
    const secret = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const signed = signProfile(recorded, { name: 'shop/cart', digest: old }, secret);
    await attachToLayout(join(estate, 'cart-1'), old, JSON.stringify(signed));
    const store = await openEstateStore(state);
    const learner = openLearner({ store: store.behaviour, now: Date.now, report: (line) => console.error(line) });
    const ingest = openIngest(store.ingest, Date.now, () => {});
    const runs = async (id: string, imageDigest: string, minute: number, path: string, parent: string) => {
      const event = {
        source: 'sensor',
        ...{ node: 'n1', type: 'exec', time: new Date(Date.now() - (60 - minute) * 60_000).toISOString() },
        pod: { namespace: 'shop', name: 'cart-5d4f8b7c9d-x2lkp', labels: {} },
        container: { id, name: 'web', image: 'shop/cart', imageDigest },
        ...{ process: { path, arguments: '', inImage: true }, parent: { path: parent, arguments: '' } },
      };
      await ingest.take({ key: '', sender: 'east', sensor: 's', text: JSON.stringify(event) });
      await learner.turn();
    };
    deploy('1');
    await assess(store, old);
    expect(await store.behaviour.recorded(old)).toEqual(recorded);
    await runs('a', old, 0, '/app/server', '');
    deploy('2');
    await assess(store, fresh);
    await runs('b', fresh, 50, '/app/server', '');
    await runs('b', fresh, 51, '/app/migrate', '/app/server');
    await ingest.close();
    await learner.close();
    const profile = await store.behaviour.describe('shop/Deployment/cart', 'web');
    await store.close();
    const changes = profile?.releases
      .at(-1)
      ?.difference?.changes.map(({ kind, change, name }) => `${kind} ${name} ${change}`);
    expect(changes).toContain('executable /app/migrate added');
    const migrate = profile?.behaviours.find(({ behaviour }) => behaviour.object === '/app/migrate');
    expect(migrate?.origin).toBe('explained');
    expect(profile?.releases).toHaveLength(2);
  });
});
