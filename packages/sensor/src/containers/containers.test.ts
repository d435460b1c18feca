import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  cgroupsFrom,
  containerIdOf,
  describeContainer,
  describeNewContainer,
  findCgroupRoot,
  findContainerCgroups,
} from './index.ts';

const ID = 'a1'.repeat(32);
let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'containers-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
}

describe('cgroups of containers', () => {
  it.each([
    [`/libpod_parent/libpod-${ID}`, ID],
    [`/machine.slice/libpod-${ID}.scope`, ID],
    [`/docker/${ID}`, ID],
    [`/system.slice/docker-${ID}.scope`, ID],
    [`/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podf1.slice/cri-containerd-${ID}.scope`, ID],
    [`/kubepods.slice/crio-${ID}.scope`, ID],
    [`/libpod_parent/libpod-conmon-${ID}`, undefined],
    [`/kubepods.slice/crio-conmon-${ID}.scope`, undefined],
    [`/docker/${ID}/init.scope`, undefined],
    ['/user.slice/session-1.scope', undefined],
  ])('are known by their name: %s', (path, id) => {
    expect(containerIdOf(path)).toBe(id);
  });

  it('are found wherever they lie, each with the id that the kernel gives', async () => {
    mkdirSync(join(root, `kubepods/pod1/${ID}/inner`), { recursive: true });
    mkdirSync(join(root, 'system'));
    const id = Number(statSync(join(root, `kubepods/pod1/${ID}`)).ino);
    expect(await findContainerCgroups(root)).toEqual([{ id, path: `/kubepods/pod1/${ID}`, containerId: ID }]);
    const within = await cgroupsFrom(root, `/kubepods/pod1/${ID}`);
    expect(within.map(({ path }) => path)).toEqual([`/kubepods/pod1/${ID}`, `/kubepods/pod1/${ID}/inner`]);
  });

  it('lie under the unified hierarchy, wherever it is mounted', () => {
    const mounts = [
      '24 1 0:5 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu',
      '25 1 0:6 / /sys/fs/cgroup/unified rw,nosuid shared:4 - cgroup2 cgroup2 rw',
    ];
    expect(findCgroupRoot(mounts.join('\n'))).toBe('/sys/fs/cgroup/unified');
    expect(() => findCgroupRoot(mounts[0])).toThrow('not mounted');
  });
});

describe('what a container is', () => {
  it('is told by podman', async () => {
    const metadata = JSON.stringify({ 'image-name': 'docker.io/library/nginx:1', name: 'ignored' });
    write('var/lib/containers/storage/overlay-containers/containers.json', [
      { id: 'other', names: ['x'] },
      { id: ID, names: ['web'], image: 'b2'.repeat(32), metadata },
    ]);
    expect(await describeContainer(ID, root)).toEqual({
      container: { id: ID, name: 'web', image: 'docker.io/library/nginx:1', imageDigest: `sha256:${'b2'.repeat(32)}` },
    });
  });

  it.each(['var/lib/containers/storage/overlay-containers', 'run/containers/storage/overlay-containers'])(
    'is told by podman where it goes with its end: %s',
    async (folder) => {
      write('var/lib/containers/storage/overlay-containers/containers.json', []);
      write(`${folder}/volatile-containers.json`, [{ id: ID, names: ['moment'] }]);
      expect((await describeContainer(ID, root)).container?.name).toBe('moment');
    },
  );

  it('is waited for where a runtime is about to write it down, and not where there is no runtime or nobody waits', async () => {
    const list = 'var/lib/containers/storage/overlay-containers/containers.json';
    expect(await describeNewContainer(ID, () => false, root)).toEqual({ container: { id: ID } });
    write(list, '[{"id');
    expect(await describeNewContainer(ID, () => true, root)).toEqual({ container: { id: ID } });
    const found = describeNewContainer(ID, () => false, root);
    write(list, [{ id: ID, names: ['web'] }]);
    expect((await found).container?.name).toBe('web');
  });

  it('is told by CRI-O with its pod', async () => {
    const storage = 'var/lib/containers/storage/overlay-containers';
    write(`${storage}/containers.json`, [{ id: ID, names: ['k8s_web_shop'], image: 'c3'.repeat(32) }]);
    write(`${storage}/${ID}/userdata/config.json`, {
      annotations: {
        'io.kubernetes.pod.name': 'shop-1',
        'io.kubernetes.pod.namespace': 'shop',
        'io.kubernetes.container.name': 'web',
        'io.kubernetes.cri-o.ImageName': 'registry.example/web:1',
      },
    });
    expect(await describeContainer(ID, root)).toEqual({
      container: { id: ID, name: 'web', image: 'registry.example/web:1', imageDigest: `sha256:${'c3'.repeat(32)}` },
      pod: { name: 'shop-1', namespace: 'shop', labels: {} },
    });
  });

  it('is told by containerd with its pod', async () => {
    write(`run/containerd/io.containerd.runtime.v2.task/k8s.io/${ID}/config.json`, {
      annotations: {
        'io.kubernetes.cri.sandbox-name': 'shop-1',
        'io.kubernetes.cri.sandbox-namespace': 'shop',
        'io.kubernetes.cri.container-name': 'web',
        'io.kubernetes.cri.image-name': 'registry.example/web:1',
      },
    });
    expect(await describeContainer(ID, root)).toEqual({
      container: { id: ID, name: 'web', image: 'registry.example/web:1' },
      pod: { name: 'shop-1', namespace: 'shop', labels: {} },
    });
  });

  it('is told by Docker', async () => {
    const file = { ID, Name: '/web', Image: `sha256:${'d4'.repeat(32)}`, Config: { Image: 'nginx:1', Labels: {} } };
    write(`var/lib/docker/containers/${ID}/config.v2.json`, file);
    expect(await describeContainer(ID, root)).toEqual({
      container: { id: ID, name: 'web', image: 'nginx:1', imageDigest: `sha256:${'d4'.repeat(32)}` },
    });
  });

  it.each([
    ['nothing is there', ''],
    ['a file is cut', '[{"id": "'],
    ['a file holds something else', '{"id": 3}'],
    ['a file holds other types', `[{"id": "${ID.slice(1)}", "names": 3, "metadata": []}, 7, null]`],
  ])('is its id alone where %s', async (_, content) => {
    write('var/lib/containers/storage/overlay-containers/containers.json', content);
    expect(await describeContainer(ID, root)).toEqual({ container: { id: ID } });
  });

  it('holds no control characters, whatever a container is called', async () => {
    write('var/lib/containers/storage/overlay-containers/containers.json', [{ id: ID, names: ['a\u001b[2Jb\nc'] }]);
    expect((await describeContainer(ID, root)).container?.name).toBe('a[2Jbc');
  });
});
