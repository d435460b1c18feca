import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readImages } from '@breakwater/sources/images';
import { afterAll, describe, expect, it } from 'vitest';
import { attachToLayout, PROFILE_ARTIFACT } from './attach-profile.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-attach-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function blob(content: string | Buffer): { digest: string; size: number } {
  const bytes = Buffer.from(content as string);
  const hash = createHash('sha256').update(bytes).digest('hex');
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  writeFileSync(join(folder, 'blobs/sha256', hash), bytes);
  return { digest: `sha256:${hash}`, size: bytes.length };
}

const layer = blob(Buffer.alloc(1024));
const config = blob(
  JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [layer.digest] } }),
);
const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const image = blob(
  JSON.stringify({
    schemaVersion: 2,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer }],
  }),
);
writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType, ...image }] }));

describe('a profile that is attached', () => {
  it('refers to its image, once, and the image is read as before', async () => {
    const before = await readImages(folder);
    const digest = await attachToLayout(folder, config.digest, '{"signed":true}');
    expect(await attachToLayout(folder, image.digest, '{"signed":true}')).toBe(digest);
    const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
    expect(index.manifests.map((one: { artifactType?: string }) => one.artifactType)).toEqual([
      undefined,
      PROFILE_ARTIFACT,
    ]);
    const manifest = JSON.parse(readFileSync(join(folder, 'blobs/sha256', digest.slice(7)), 'utf8'));
    expect(manifest.subject).toEqual({ mediaType, ...image });
    const after = await readImages(folder);
    expect(after.unknowns).toEqual(before.unknowns);
    expect(after.images.map(({ id }) => id)).toEqual([config.digest]);
  });

  it('needs a layout that has the image', async () => {
    await expect(attachToLayout(folder, `sha256:${'f'.repeat(64)}`, '{}')).rejects.toThrow('has no image');
    await expect(attachToLayout(tmpdir(), image.digest, '{}')).rejects.toThrow('is no OCI layout');
  });
});
