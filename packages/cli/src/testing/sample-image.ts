import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** An image as a registry keeps it. */
export interface SampleImage {
  /** By digest: layers and the config. */
  blobs: Map<string, Buffer>;
  manifest: Buffer;
  /** Of the manifest. */
  digest: string;
}

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';

/** An image of one layer: Alpine with packages, each `name` or `name version`. */
export function sampleImage(
  packages: string[],
  { alpine = '3.20.3', created = '2026-01-01T00:00:00Z' } = {},
): SampleImage {
  const installed = packages.map((entry) => {
    const [name, version = '1.0-r0'] = entry.split(' ');
    return `P:${name}\nV:${version}\nA:x86_64\no:${name}\n\n`;
  });
  const layer = tar({
    'etc/os-release': `ID=alpine\nVERSION_ID=${alpine}\nPRETTY_NAME="Alpine Linux"\n`,
    'lib/apk/db/installed': installed.join(''),
  });
  const packed = gzipSync(layer);
  const config = Buffer.from(
    JSON.stringify({
      created,
      os: 'linux',
      architecture: 'amd64',
      config: {},
      rootfs: { type: 'layers', diff_ids: [sha(layer)] },
    }),
  );
  const describe = (bytes: Buffer, mediaType: string) => ({ mediaType, digest: sha(bytes), size: bytes.length });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: describe(config, 'application/vnd.oci.image.config.v1+json'),
      layers: [describe(packed, 'application/vnd.oci.image.layer.v1.tar+gzip')],
    }),
  );
  return { blobs: new Map([packed, config].map((bytes) => [sha(bytes), bytes])), manifest, digest: sha(manifest) };
}

/** Pushes an image through the registry's own API (distribution-spec, "Push"). */
export async function pushImage(
  address: string,
  name: string,
  tag: string,
  image: SampleImage,
  headers: Record<string, string> = {},
) {
  for (const [digest, bytes] of image.blobs) {
    const begun = await fetch(`${address}/v2/${name}/blobs/uploads/`, { method: 'POST', headers });
    const place = new URL(begun.headers.get('location') ?? '', address);
    place.searchParams.set('digest', digest);
    await expectOk(
      await fetch(place, {
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/octet-stream' },
        body: new Uint8Array(bytes),
      }),
    );
  }
  const body = new Uint8Array(image.manifest);
  await expectOk(
    await fetch(`${address}/v2/${name}/manifests/${tag}`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': MANIFEST_TYPE },
      body,
    }),
  );
}

async function expectOk(response: Response): Promise<void> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
}

const sha = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A tar (ustar) of a few small files. */
function tar(files: Record<string, string>): Buffer {
  const parts = Object.entries(files).flatMap(([name, text]) => {
    const body = Buffer.from(text);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write('0', 156);
    header.write('ustar\x0000', 257);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}
