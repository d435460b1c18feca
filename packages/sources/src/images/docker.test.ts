import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { originOf } from '@breakwater/model';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readImages } from './read-images.ts';
import { tar } from './registry/test-registry.fixture.ts';

const missing = ['dockerd', 'docker'].filter((program) => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
});
const root = process.getuid?.() === 0;
const why = missing.length > 0 ? `${missing.join(' and ')} not installed` : root ? '' : 'not root';
const unless = why === '' ? '' : ` (skipped: ${why})`;
const apk = (...names: string[]): string => names.map((name) => `P:${name}\nV:1.0-r0\nA:x86_64\n\n`).join('');

describe.skipIf(why !== '')(`a real daemon of Docker${unless}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'dockerd-'));
  const address = `unix://${folder}/docker.sock`;
  const docker = (...rest: string[]): string =>
    execFileSync('docker', rest, { encoding: 'utf8', stdio: 'pipe', env: { ...process.env, DOCKER_HOST: address } });
  let daemon: ChildProcess;
  let ready = false;

  beforeAll(async () => {
    const roots = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '-H', address];
    const rest = ['--pidfile', join(folder, 'pid'), '--iptables=false', '--ip6tables=false', '--bridge=none'];
    daemon = spawn('dockerd', [...roots, ...rest, '--storage-driver', 'overlay2'], { stdio: 'ignore' });
    for (let attempt = 0; attempt < 60 && daemon.exitCode === null && !ready; attempt++) {
      await sleep(500);
      try {
        docker('version');
        ready = true;
      } catch {}
    }
    if (!ready) return;
    const files = {
      'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.3\n',
      'lib/apk/db/installed': apk('musl', 'zlib'),
      'opt/old': 'x',
    };
    writeFileSync(join(folder, 'base.tar'), tar(files));
    docker('import', '--change', 'CMD ["sh"]', join(folder, 'base.tar'), 'team/base:1');
    mkdirSync(join(folder, 'context/ms'), { recursive: true });
    writeFileSync(join(folder, 'context/ms/package.json'), '{"name":"ms","version":"2.0.0"}');
    writeFileSync(join(folder, 'context/installed'), apk('musl', 'curl'));
    const steps = [
      'FROM team/base:1',
      'ENV A=b',
      'COPY installed /lib/apk/db/',
      'LABEL x=y',
      'COPY ms /app/node_modules/ms/',
    ];
    writeFileSync(join(folder, 'context/Dockerfile'), steps.join('\n'));
    docker('build', '-q', '-t', 'shop/cart:1', join(folder, 'context'));
    process.env['DOCKER_HOST'] = address;
  }, 120_000);

  afterAll(async () => {
    delete process.env['DOCKER_HOST'];
    if (daemon.exitCode === null) {
      daemon.kill();
      await new Promise((resolve) => daemon.once('exit', resolve));
    }
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  beforeEach(({ skip }) => skip(!ready, 'dockerd does not start here'));

  const stored = (name: string): string => `docker-storage:[${join(folder, 'data')}]${name}`;

  it.each([
    ['docker:shop/cart:1', 'docker'],
    ['shop/cart:1', 'docker'],
    [stored('shop/cart:1'), 'docker-storage'],
  ])('gives the same image through its socket and from its storage: %s', async (target, source) => {
    const [inspected] = JSON.parse(docker('image', 'inspect', 'shop/cart:1'));
    const cache = join(folder, 'cache');
    await readImages('docker:team/base:1', { cache });
    const { images, unknowns } = await readImages(target, { cache });
    expect(unknowns).toEqual([]);
    expect(images[0]).toMatchObject({ source, id: inspected.Id, references: ['shop/cart:1'], unknowns: [] });
    expect(images[0]?.layers.map(({ diffId }) => diffId)).toEqual(inspected.RootFS.Layers);
    expect(images[0]?.base).toMatchObject({ name: 'team/base:1', layers: 1, confidence: 'high' });
    const origins = images[0]!.components.map((component) => [component.name, originOf(images[0]!, component)?.layer]);
    expect(Object.fromEntries(origins)).toEqual({ musl: 1, curl: 2, ms: 3 });
  });

  it('has containers: their file system as it is, and what differs from the image', async () => {
    docker('create', '--name', 'web', 'shop/cart:1');
    writeFileSync(join(folder, 'added.json'), '{"name":"added","version":"1.0.0"}');
    docker('cp', join(folder, 'added.json'), 'web:/app/node_modules/ms/package.json');
    const { images, unknowns } = await readImages('container:web');
    expect(unknowns).toEqual([]);
    expect(images[0]?.components.map(({ name }) => name).sort()).toEqual(['added', 'curl', 'musl']);
    expect(images[0]?.container).toMatchObject({ name: 'web', engine: 'docker', state: 'created' });
    expect(images[0]?.container?.changes).toContainEqual({
      path: '/app/node_modules/ms/package.json',
      kind: 'modified',
    });
  });
});
