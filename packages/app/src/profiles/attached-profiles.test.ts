import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BehaviourProfile } from '@breakwater/model';
import { afterAll, describe, expect, it } from 'vitest';
import { attachToLayout } from './attach-profile.ts';
import { readAttachedProfiles } from './attached-profiles.ts';
import { signProfile } from './signed-profile.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-attached-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function keys() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    open: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    secret: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
const [ours, theirs] = [keys(), keys()];

/** An OCI layout with one image; gives the digests of its manifest and its config. */
function layout(name: string): { path: string; manifest: string; config: string } {
  const path = join(folder, name);
  mkdirSync(join(path, 'blobs/sha256'), { recursive: true });
  const put = (content: object): string => {
    const text = JSON.stringify(content);
    const hash = createHash('sha256').update(text).digest('hex');
    writeFileSync(join(path, 'blobs/sha256', hash), text);
    return `sha256:${hash}`;
  };
  const config = put({ os: 'linux', name });
  const manifest = put({ schemaVersion: 2, config: { digest: config }, layers: [] });
  writeFileSync(join(path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  writeFileSync(join(path, 'index.json'), JSON.stringify({ manifests: [{ mediaType, digest: manifest, size: 1 }] }));
  return { path, manifest, config };
}

const profile: BehaviourProfile = {
  ...{ subject: 'shop/cart:1', origin: 'recorded', partial: false, dimensions: ['exec'] },
  behaviours: [{ dimension: 'exec', actor: '/app', parent: '', object: '/usr/bin/migrate' }],
};
const signed = (digest: string, secret: string) =>
  JSON.stringify(signProfile(profile, { name: 'shop/cart', digest }, secret));

describe('profiles that are attached to images', () => {
  it('are found at a path and right below it, under all digests of their image', async () => {
    const { path, manifest, config } = layout('good');
    await attachToLayout(path, config, signed(config, ours.secret));
    for (const given of [path, folder])
      expect(await readAttachedProfiles([given], ours.open)).toEqual({
        attached: [{ images: [manifest, config], manifest: expect.stringMatching(/^sha256:/), profile }],
        unknowns: [],
      });
  });

  it.each([
    ['another key signed', (digest: string) => signed(digest, theirs.secret)],
    ['nobody signed', () => JSON.stringify(profile)],
    ['are about another image', () => signed(`sha256:${'0'.repeat(64)}`, ours.secret)],
  ])('that %s are an unknown, and not used', async (name, written) => {
    const { path, manifest } = layout(name.replaceAll(' ', '-'));
    await attachToLayout(path, manifest, written(manifest));
    const { attached, unknowns } = await readAttachedProfiles([path], ours.open);
    expect(attached).toEqual([]);
    expect(unknowns.map(({ code, place }) => [code, place.source])).toEqual([['profile-unverified', path]]);
  });
});
