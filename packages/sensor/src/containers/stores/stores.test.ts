import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeContainer } from '../index.ts';
import { type BucketContent, boltFile } from './bolt.fixture.ts';
import { readMetadata } from './containerd.ts';
import { readBolt, readSqlite } from './podman.ts';

const ID = 'a1'.repeat(32);
const POD = 'b2'.repeat(32);
const STATE = 'var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db';
let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stores-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: string | Buffer): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  return join(root, path);
}

const METADATA: BucketContent = {
  version: '6',
  v1: {
    'k8s.io': {
      containers: {
        [ID]: {
          image: 'registry.example/web:1',
          sandboxid: POD,
          labels: {
            'io.kubernetes.container.name': 'web',
            'io.kubernetes.pod.name': 'shop-1',
            'io.kubernetes.pod.namespace': 'shop',
            maintainer: 'somebody',
          },
        },
        [POD]: { labels: { app: 'shop', 'io.kubernetes.pod.name': 'shop-1', 'io.cri-containerd.kind': 'sandbox' } },
      },
      images: { 'registry.example/web:1': { target: { digest: `sha256:${'c3'.repeat(32)}` } } },
    },
    moby: { containers: {} },
  },
};

describe("containerd's metadata", () => {
  it.each([false, true])(
    'tells image, digest, pod and its labels, however its pages lie (spread: %s)',
    async (spread) => {
      write(STATE, boltFile(METADATA, spread));
      expect(await describeContainer(ID, root)).toEqual({
        container: { id: ID, name: 'web', image: 'registry.example/web:1', imageDigest: `sha256:${'c3'.repeat(32)}` },
        pod: { name: 'shop-1', namespace: 'shop', labels: { app: 'shop' } },
      });
    },
  );

  it('of k3s is found too', async () => {
    write('var/lib/rancher/k3s/agent/containerd/io.containerd.metadata.v1.bolt/meta.db', boltFile(METADATA));
    expect((await describeContainer(ID, root)).pod?.name).toBe('shop-1');
  });

  it('is passed over where it is damaged anywhere, and never keeps the reader', () => {
    const whole = boltFile(METADATA, true);
    fc.assert(
      fc.property(
        fc.nat(whole.length - 1),
        fc.uint8Array({ minLength: 1, maxLength: 16 }),
        fc.nat(8),
        (at, bytes, cut) => {
          const damaged = Buffer.from(whole);
          Buffer.from(bytes).copy(damaged, at);
          const path = write('damaged.db', cut === 0 ? damaged.subarray(0, at) : damaged);
          const found = readMetadata(path, ID);
          expect(found === undefined || typeof found.image === 'string').toBe(true);
        },
      ),
    );
  });
});

describe('CRI-O', () => {
  it("tells a pod's labels, which lie with its sandbox", async () => {
    const storage = 'var/lib/containers/storage/overlay-containers';
    const annotations = {
      'io.kubernetes.pod.name': 'shop-1',
      'io.kubernetes.pod.namespace': 'shop',
      'io.kubernetes.container.name': 'web',
      'io.kubernetes.cri-o.SandboxID': POD,
    };
    const labels = { app: 'shop', 'io.kubernetes.container.name': 'POD' };
    write(`${storage}/containers.json`, JSON.stringify([{ id: ID, names: ['k8s_web'], image: 'c3'.repeat(32) }]));
    write(`${storage}/${ID}/userdata/config.json`, JSON.stringify({ annotations }));
    write(
      `${storage}/${POD}/userdata/config.json`,
      JSON.stringify({ annotations: { 'io.kubernetes.cri-o.Labels': JSON.stringify(labels) } }),
    );
    expect(await describeContainer(ID, root)).toEqual({
      container: { id: ID, name: 'web', imageDigest: `sha256:${'c3'.repeat(32)}` },
      pod: { name: 'shop-1', namespace: 'shop', labels: { app: 'shop' } },
    });
  });
});

describe("podman's own books", () => {
  const config = JSON.stringify({
    name: 'web',
    rootfsImageName: 'docker.io/library/web:1',
    rootfsImageID: 'd4'.repeat(32),
  });
  const container = { id: ID, name: 'web', image: 'docker.io/library/web:1', imageDigest: `sha256:${'d4'.repeat(32)}` };

  it('tell a container, in Bolt', async () => {
    write('var/lib/containers/storage/libpod/bolt_state.db', boltFile({ ctr: { [ID]: { config } } }));
    expect(await describeContainer(ID, root)).toEqual({ container });
  });

  it('tell a container, in SQLite', async () => {
    mkdirSync(join(root, 'var/lib/containers/storage'), { recursive: true });
    const database = new DatabaseSync(join(root, 'var/lib/containers/storage/db.sql'));
    database.exec('create table ContainerConfig (ID text, Name text, JSON text)');
    database.prepare('insert into ContainerConfig values (?, ?, ?)').run(ID, 'web', config);
    database.close();
    expect(await describeContainer(ID, root)).toEqual({ container });
  });

  it('of btrfs and other file systems lie in folders of their name', async () => {
    const entry = { id: ID, names: ['web'], image: 'd4'.repeat(32) };
    write('var/lib/containers/storage/btrfs-containers/containers.json', JSON.stringify([entry]));
    expect((await describeContainer(ID, root)).container?.name).toBe('web');
  });
});

/** State databases of real hosts, and what is in them. */
const SHARED = fileURLToPath(new URL('../../../../../../shared/runtime/container-stores', import.meta.url));
const LEFT_OUT = existsSync(SHARED) ? '' : ' (left out: no recorded stores)';

interface Expected {
  containerd: { case: string; file: string; container: string; packages: { name: string; version: string }[] }[];
  podman: { case: string; file: string; packages: { name: string; version: string }[] }[];
}

describe.skipIf(LEFT_OUT !== '')(`recorded stores${LEFT_OUT}`, () => {
  const expected: Expected = LEFT_OUT
    ? { containerd: [], podman: [] }
    : JSON.parse(readFileSync(join(SHARED, 'expected.json'), 'utf8'));

  it.each(expected.containerd.filter((one) => !/invalid (?:status|shim)/.test(one.case)))(
    'of containerd tell the image and its digest: $case',
    ({ file, container, packages }) => {
      const found = readMetadata(join(SHARED, 'containerd', file), container);
      const [wanted] = packages;
      expect(found && { name: found.image, version: found.imageDigest }).toEqual(
        wanted && { name: wanted.name, version: wanted.version },
      );
    },
  );

  it.each(expected.podman.filter((one) => !/running$|using bolt$/.test(one.case)))(
    'of podman tell the image and its digest: $case',
    async ({ file, packages }) => {
      cpSync(join(SHARED, 'podman', file), join(root, file));
      const path = join(root, file);
      const ids = file.endsWith('.sql') ? sqliteIds(path) : BOLT_IDS;
      const found = await Promise.all(
        ids.map(async (id) => (file.endsWith('.sql') ? await readSqlite(path, id) : readBolt(path, id))),
      );
      const digests = found.flatMap((config) => (config === undefined ? [] : [String(config['rootfsImageID'])]));
      expect(digests.sort()).toEqual(packages.map(({ version }) => version).sort());
    },
  );
});

const BOLT_IDS = [
  '37948ee253b61cbfcc5e01416078909223e3e02d9b2a6d199f0521c861a60058',
  'f2d9ac5a8800b2b449893e70a12d1e9987a16a689c04ab6c9b9994c0e9a21add',
];

function sqliteIds(path: string): string[] {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    const rows = database.prepare('select ID from ContainerConfig').all();
    database.close();
    return rows.map((row) => String(row['ID']));
  } catch {
    return [ID];
  }
}
