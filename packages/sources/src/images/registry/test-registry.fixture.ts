import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { endOfArchive, padding, writeHeader } from '../tar/write-header.ts';

/** `sha256:...` of bytes. */
export const sha = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A tar of a few files. */
export function tar(files: Record<string, string>): Buffer {
  const parts = Object.entries(files).flatMap(([name, content]) => {
    const bytes = Buffer.from(content);
    return [writeHeader({ name, type: 'file', size: bytes.length }), bytes, padding(bytes.length)];
  });
  return Buffer.concat([...parts, endOfArchive()]);
}

/** An image of one Alpine layer, gzipped, for one platform. */
export class SampleImage {
  readonly layer: Buffer;
  readonly config: Buffer;
  readonly manifest: Buffer;
  readonly blobs: Map<string, Buffer>;

  constructor(name: string, architecture = 'amd64') {
    const padded = `P:${name}\nV:1.0-r0\nA:x86_64\n\n`;
    const files = { 'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.3\n', 'lib/apk/db/installed': padded };
    const plain = tar({ ...files, 'bin/noise': createHash('shake256', { outputLength: 300_000 }).digest('hex') });
    this.layer = gzipSync(plain);
    const config = { os: 'linux', architecture, config: {}, rootfs: { type: 'layers', diff_ids: [sha(plain)] } };
    this.config = Buffer.from(JSON.stringify(config));
    const describe = (bytes: Buffer, mediaType: string) => ({ mediaType, digest: sha(bytes), size: bytes.length });
    this.manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        config: describe(this.config, 'application/vnd.oci.image.config.v1+json'),
        layers: [describe(this.layer, 'application/vnd.oci.image.layer.v1.tar+gzip')],
      }),
    );
    this.blobs = new Map([this.layer, this.config].map((bytes) => [sha(bytes), bytes]));
  }
}

/** Answers as a registry does for the image, whatever repository is asked for. */
export function answer(image: SampleImage, request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '';
  const name = path.split('/').at(-1) ?? '';
  const isManifest = path.includes('/manifests/');
  const blob = isManifest
    ? name === '1' || name === sha(image.manifest)
      ? image.manifest
      : undefined
    : image.blobs.get(name);
  if (path === '/v2/') response.end('{}');
  else if (blob === undefined) response.writeHead(404).end();
  else {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = from === 0 ? {} : { 'content-range': `bytes ${from}-${blob.length - 1}/${blob.length}` };
    const type = isManifest ? 'application/vnd.oci.image.manifest.v1+json' : 'application/octet-stream';
    response.writeHead(from === 0 ? 200 : 206, { 'content-type': type, ...range }).end(blob.subarray(from));
  }
}

const servers: Server[] = [];

/** A server on the loopback address; returns `127.0.0.1:port`. */
export async function serve(listener: RequestListener, host = '127.0.0.1'): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return `${host}:${(server.address() as AddressInfo).port}`;
}

/** Stops all servers. */
export async function stopServers(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
