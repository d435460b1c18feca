import { copyFileSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UserError } from '@breakwater/model';
import { podman } from './podman.ts';
import type { FileOrigin } from './round.ts';

/** Where a static busybox lies, of which the image is made. */
export const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find(existsSync) ?? '';

/** A program each: as links they would all be the same file. */
const PROGRAMS = ['sh', 'cat', 'cp', 'nc', 'httpd', 'sleep', 'id'];

/** What is built: a web server whose status page runs what its callers send, beside a key that does not belong there. */
export const DOCKERFILE = [
  'FROM scratch',
  'COPY bin /bin',
  'COPY app /app',
  'COPY keys /root/.aws',
  'COPY tmp /tmp',
  'CMD ["/bin/httpd", "-f", "-p", "8080", "-h", "/app"]',
];

/** The hole: `eval` runs whatever comes behind `host=`. */
const STATUS_PAGE = `#!/bin/sh
echo "Content-Type: text/plain"
echo
host=$(/bin/httpd -d "\${QUERY_STRING#host=}")
eval "echo host $host is up"
`;

/** Made up, and worth nothing. */
export const KEY = 'aws_secret_access_key = not-a-real-key-of-the-demo';

/** The image of the demo, built on this machine from a Dockerfile and one program; nothing is downloaded. */
export class VictimImage {
  readonly name: string;
  /** Folders of the layers, lowest first, with their digests. */
  readonly #layers: { folder: string; digest: string }[];

  private constructor(name: string, layers: { folder: string; digest: string }[]) {
    this.name = name;
    this.#layers = layers;
  }

  static async build(name: string): Promise<VictimImage> {
    const folder = mkdtempSync(join(tmpdir(), 'breakwater-demo-'));
    try {
      writeContext(folder);
      await podman(['build', '--layers', '--quiet', '--tag', name, folder]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return new VictimImage(name, layersOf(JSON.parse(await podman(['image', 'inspect', name]))));
  }

  /** Which layer a file is of, and the line that made it; undefined for what is not in the image. */
  originOf(path: string): FileOrigin | undefined {
    const layer = this.#layers.findLastIndex(({ folder }) => isThere(join(folder, path)));
    const found = this.#layers[layer];
    const line = DOCKERFILE.flatMap((text, index) => (text.startsWith('COPY ') ? [index] : []))[layer];
    if (found === undefined || line === undefined) return undefined;
    return {
      path,
      layer: layer + 1,
      layers: this.#layers.length,
      digest: found.digest,
      line: line + 1,
      instruction: DOCKERFILE[line] ?? '',
    };
  }

  async remove(): Promise<void> {
    await podman(['rmi', '--force', this.name]).catch(() => '');
  }
}

function writeContext(folder: string): void {
  const write = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { mode });
  };
  mkdirSync(join(folder, 'bin'));
  for (const program of PROGRAMS) copyFileSync(BUSYBOX, join(folder, 'bin', program));
  write('app/cgi-bin/status', STATUS_PAGE, 0o755);
  write('app/index.html', 'up\n');
  write('keys/credentials', `${KEY}\n`, 0o600);
  write('tmp/.keep', '');
  write('Dockerfile', `${DOCKERFILE.join('\n')}\n`);
}

interface Inspected {
  RootFS?: { Layers?: string[] };
  GraphDriver?: { Data?: { UpperDir?: string; LowerDir?: string } };
}

function layersOf([image]: Inspected[]): { folder: string; digest: string }[] {
  const { UpperDir = '', LowerDir = '' } = image?.GraphDriver?.Data ?? {};
  const folders = [...LowerDir.split(':').reverse(), UpperDir].filter(Boolean);
  const digests = image?.RootFS?.Layers ?? [];
  if (folders.length === digests.length)
    return folders.map((folder, index) => ({ folder, digest: digests[index] ?? '' }));
  throw new UserError('podman keeps images in another way here than as overlays.', { code: 'demo-not-possible' });
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
