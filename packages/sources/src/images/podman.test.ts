import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Image, originOf } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDaemons } from './daemon/daemon-address.ts';
import { readImages } from './read-images.ts';
import { tar } from './registry/test-registry.fixture.ts';

/** Why Podman cannot be tried here; empty where it can. */
function whyNot(): string {
  const folder = mkdtempSync(join(tmpdir(), 'probe-'));
  const roots = ['--root', folder, '--runroot', join(folder, 'run'), '--storage-driver', 'overlay'];
  try {
    execFileSync('podman', [...roots, 'info'], { stdio: 'ignore' });
    const container = execFileSync('buildah', [...roots, 'from', 'scratch'], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
    execFileSync('buildah', [...roots, 'mount', container], { stdio: 'ignore' });
    execFileSync('buildah', [...roots, 'rm', container], { stdio: 'ignore' });
    return '';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'not installed' : 'may not mount here';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const refused = whyNot();
const unless = refused === '' ? '' : ` (skipped: podman and buildah ${refused})`;

const apk = (...names: string[]): string => names.map((name) => `P:${name}\nV:1.0-r0\nA:x86_64\n\n`).join('');

describe.skipIf(unless !== '')(`a real service of Podman${unless}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'podman-'));
  const storage = join(folder, 'storage');
  const roots = ['--root', storage, '--runroot', join(folder, 'run'), '--storage-driver', 'overlay'];
  const { CONTAINER_HOST: _, ...local } = process.env;
  const podman = (...rest: string[]): string =>
    execFileSync('podman', [...roots, ...rest], { encoding: 'utf8', stdio: 'pipe', env: local });
  const socket = join(folder, 'podman.sock');
  let service: ChildProcess;

  beforeAll(async () => {
    const system = { 'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.3\n', 'lib/apk/db/installed': apk('musl', 'zlib') };
    const files = {
      ...system,
      'opt/old/node_modules/gone/package.json': '{"name":"gone","version":"1.0.0"}',
      'etc/motd': 'x',
    };
    writeFileSync(join(folder, 'base.tar'), tar(files));
    podman('import', '-q', join(folder, 'base.tar'), 'localhost/base:1');
    mkdirSync(join(folder, 'context/ms'), { recursive: true });
    writeFileSync(join(folder, 'context/ms/package.json'), '{"name":"ms","version":"2.0.0"}');
    writeFileSync(join(folder, 'context/installed'), apk('musl', 'curl'));
    // What steps do to lower layers: a folder replaced as a whole, a file removed, a data base written anew.
    const container = execFileSync('buildah', [...roots, 'from', 'localhost/base:1'], { encoding: 'utf8' }).trim();
    const mounted = execFileSync('buildah', [...roots, 'mount', container], { encoding: 'utf8' }).trim();
    rmSync(join(mounted, 'opt/old'), { recursive: true });
    mkdirSync(join(mounted, 'opt/old'));
    writeFileSync(join(mounted, 'opt/old/new'), 'x');
    rmSync(join(mounted, 'etc/motd'));
    const build = (...rest: string[]): void => void execFileSync('buildah', [...roots, ...rest], { stdio: 'pipe' });
    build('copy', '-q', container, join(folder, 'context/ms'), '/app/node_modules/ms');
    build('copy', '-q', container, join(folder, 'context/installed'), '/lib/apk/db/installed');
    build('commit', '-q', container, 'localhost/team/app:1');
    service = spawn('podman', [...roots, 'system', 'service', '-t', '0', `unix://${socket}`], { stdio: 'ignore' });
    process.env['CONTAINER_HOST'] = `unix://${socket}`;
    for (let attempt = 0; attempt < 100 && !existsSync(socket); attempt++) await sleep(100);
  }, 60_000);

  afterAll(() => {
    service?.kill();
    delete process.env['CONTAINER_HOST'];
    try {
      execFileSync('buildah', [...roots, 'rm', '--all'], { stdio: 'ignore' });
      podman('rm', '--all', '--force');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const names = (image: Image | undefined): string[] | undefined => image?.components.map(({ name }) => name).sort();
  const stored = (name: string): string => `containers-storage:[overlay@${storage}]${name}`;

  it.each([
    ['podman:team/app:1', 'podman'],
    ['localhost/team/app:1', 'podman'],
    [stored('team/app:1'), 'containers-storage'],
    [stored('localhost/team/app:1'), 'containers-storage'],
  ])('gives the same image under every name: %s', async (target, source) => {
    const { images, unknowns } = await readImages(target);
    expect(unknowns).toEqual([]);
    const [inspected] = JSON.parse(podman('image', 'inspect', 'localhost/team/app:1'));
    expect(images[0]).toMatchObject({ source, target, id: `sha256:${inspected.Id}`, unknowns: [] });
    expect(images[0]?.references).toContain('localhost/team/app:1');
    expect(images[0]?.manifestDigests).toContain(inspected.Digest);
    expect(images[0]?.layers.map(({ diffId }) => diffId)).toEqual(inspected.RootFS.Layers);
    expect(names(images[0])).toEqual(['curl', 'ms', 'musl']);
    expect(images[0]?.components.find(({ name }) => name === 'ms')?.layer).toBe(inspected.RootFS.Layers[1]);
  });

  it('is found by its id, and what is not there is told', async () => {
    const [{ Id }] = JSON.parse(podman('image', 'inspect', 'localhost/team/app:1'));
    expect((await readImages(`podman:${Id}`)).images).toHaveLength(1);
    expect((await readImages(stored(Id.slice(0, 12)))).images).toHaveLength(1);
    for (const [target, code] of [
      ['podman:team/app:2', 'image-not-found'],
      [stored('team/app:2'), 'image-not-found'],
      ['podman:../../etc/passwd', 'image-not-found'],
      ['container:nobody', 'container-not-found'],
      ['registry:not a name', 'reference-malformed'],
    ]) {
      const read = await readImages(target!);
      expect(read.images).toEqual([]);
      expect(read.unknowns.map((unknown) => unknown.code)).toEqual([code]);
    }
    const other = await readImages('podman:team/app:1', { platform: 'linux/s390x' });
    expect(other.unknowns.map(({ code }) => code)).toEqual(['platform-missing']);
  });

  it('keeps layers, which the next scan of the storage does not read', async () => {
    const cache = join(folder, 'cache');
    const first = await readImages(stored('team/app:1'), { cache });
    renameSync(join(storage, 'overlay-layers'), join(storage, 'away'));
    mkdirSync(join(storage, 'overlay-layers'));
    copyFileSync(join(storage, 'away/layers.json'), join(storage, 'overlay-layers/layers.json'));
    const second = await readImages(stored('team/app:1'), { cache });
    rmSync(join(storage, 'overlay-layers'), { recursive: true });
    renameSync(join(storage, 'away'), join(storage, 'overlay-layers'));
    expect(second).toEqual(first);
  });

  it('needs no service: its storage is read where none answers', async () => {
    const conf = join(folder, 'storage.conf');
    writeFileSync(conf, `[storage]\ndriver = "overlay"\ngraphroot = "${storage}"\n`);
    const named = process.env['CONTAINER_HOST'];
    process.env['CONTAINERS_STORAGE_CONF'] = conf;
    delete process.env['CONTAINER_HOST'];
    try {
      if ((await findDaemons('podman')).length > 0) return;
      expect((await readImages('podman:team/app:1')).images[0]?.source).toBe('containers-storage');
      expect((await readImages('localhost/team/app:1')).images[0]?.source).toBe('containers-storage');
    } finally {
      process.env['CONTAINER_HOST'] = named;
      delete process.env['CONTAINERS_STORAGE_CONF'];
    }
  });

  it('says of each component which step brought it, among steps that made no layer, and of which base image', async () => {
    const packages = ['one', 'two', 'three', 'four', 'five', 'six'];
    const steps = packages.flatMap((name) => {
      mkdirSync(join(folder, 'context', name), { recursive: true });
      writeFileSync(join(folder, 'context', name, 'package.json'), `{"name":"${name}","version":"1.0.0"}`);
      return [`ENV STEP=${name}`, `COPY ${name} /app/node_modules/${name}`, `LABEL step=${name}`];
    });
    writeFileSync(join(folder, 'context/Containerfile'), ['FROM localhost/base:1', ...steps].join('\n'));
    const build = ['build', '-q', '--layers', '-t', 'localhost/steps:1', join(folder, 'context')];
    execFileSync('buildah', [...roots, ...build], { stdio: 'pipe' });
    for (const target of ['podman:localhost/steps:1', stored('localhost/steps:1')]) {
      const [image] = (await readImages(target)).images;
      expect(image?.base).toMatchObject({ name: 'localhost/base:1', layers: 1, confidence: 'high' });
      for (const [index, name] of packages.entries()) {
        const component = image?.components.find((entry) => entry.name === name);
        const origin = originOf(image!, component!);
        expect(origin).toMatchObject({ layer: index + 2, fromBase: false });
        expect(origin?.step).toMatch(new RegExp(`^COPY .* in /app/node_modules/${name}$`));
      }
      const musl = image?.components.find((entry) => entry.name === 'musl');
      expect(originOf(image!, musl!)).toMatchObject({ layer: 1, fromBase: true, baseName: 'localhost/base:1' });
    }
  });

  it('has containers: their file system as it is, and what differs from the image', async () => {
    podman('create', '--name', 'web', '--env', 'TOKEN=hidden', 'localhost/team/app:1', 'sleep', '1');
    writeFileSync(join(folder, 'added.json'), '{"name":"added","version":"1.0.0"}');
    podman('cp', join(folder, 'added.json'), 'web:/app/node_modules/ms/package.json');
    const { images, unknowns } = await readImages('container:web');
    expect(unknowns).toEqual([]);
    expect(names(images[0])).toEqual(['added', 'curl', 'musl']);
    expect(images[0]).toMatchObject({
      source: 'container',
      config: { command: ['sleep', '1'], environment: expect.arrayContaining(['TOKEN']) },
      container: { name: 'web', engine: 'podman', state: 'created', image: { name: 'localhost/team/app:1' } },
    });
    expect(images[0]?.container?.changes).toContainEqual({
      path: '/app/node_modules/ms/package.json',
      kind: 'modified',
    });
  });

  it('has containers that are read in place too: the layers of the image, and above them what has changed', async () => {
    podman('cp', join(folder, 'added.json'), 'web:/etc/new.json');
    const cache = join(folder, 'cache');
    for (const _ of ['read', 'kept']) {
      const { images, unknowns } = await readImages(`container:[${storage}]web`, { cache });
      expect(unknowns).toEqual([]);
      expect(images[0]).toMatchObject({ source: 'container', unknowns: [], config: { entrypoint: [] } });
      expect(names(images[0])).toEqual(['added', 'curl', 'musl']);
      const added = images[0]!.components.find(({ name }) => name === 'added')!;
      expect(originOf(images[0]!, added)).toMatchObject({ layer: 3 });
      expect(images[0]?.container).toMatchObject({ name: 'web', image: { name: 'localhost/team/app:1' } });
      expect(images[0]?.container?.changes).toEqual(
        expect.arrayContaining([
          { path: '/app/node_modules/ms/package.json', kind: 'modified' },
          { path: '/etc/new.json', kind: 'added' },
        ]),
      );
    }
  });

  it('keeps layers that are read without what their headers were, which is told', async () => {
    const layers = join(storage, 'overlay-layers');
    for (const name of readdirSync(layers).filter((file) => file.endsWith('.tar-split.gz'))) rmSync(join(layers, name));
    const { images, unknowns } = await readImages(stored('team/app:1'));
    expect(new Set(unknowns.map(({ code }) => code))).toEqual(new Set(['layer-not-verified']));
    const [inspected] = JSON.parse(podman('image', 'inspect', 'localhost/team/app:1'));
    expect(images[0]?.layers.map(({ diffId }) => diffId)).toEqual(inspected.RootFS.Layers);
    expect(names(images[0])).toEqual(['curl', 'ms', 'musl']);
    expect(images[0]?.unknowns).toEqual([]);
  });
});
