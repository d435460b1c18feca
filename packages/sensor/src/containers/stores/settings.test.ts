import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const ID = 'a1'.repeat(32);
const BUNDLE = {
  process: { args: ['/entry.sh', 'serve'], env: ['PATH=/bin', 'PASSWORD=hunter2', 'LANG=C', 'broken', 'LANG=D'] },
  linux: { resources: { memory: { limit: 1048576 }, cpu: { quota: 50_000, period: 100_000 } } },
};
const TOLD = {
  arguments: ['/entry.sh', 'serve'],
  environment: ['LANG', 'PASSWORD', 'PATH'],
  limits: { cpu: 0.5, memory: 1048576 },
};
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
}

describe('what a container was started with', () => {
  it.each([
    ['containerd', `run/containerd/io.containerd.runtime.v2.task/k8s.io/${ID}/config.json`],
    ['podman and CRI-O', `var/lib/containers/storage/overlay-containers/${ID}/userdata/config.json`],
  ])('is told by %s, without values of its environment', async (_, path) => {
    write(path, BUNDLE);
    const settings = await readSettings(ID, root);
    expect(settings).toEqual(TOLD);
    expect(JSON.stringify(settings)).not.toContain('hunter2');
  });

  it('is told by Docker', async () => {
    const folder = `var/lib/docker/containers/${ID}`;
    write(`${folder}/config.v2.json`, { Path: '/entry.sh', Args: ['serve'], Config: { Env: BUNDLE.process.env } });
    write(`${folder}/hostconfig.json`, { NanoCpus: 500_000_000, Memory: 1048576 });
    expect(await readSettings(ID, root)).toEqual(TOLD);
  });

  it('is not known where nobody tells, and holds nothing that has no limit', async () => {
    expect(await readSettings(ID, root)).toBeUndefined();
    write(`run/containerd/io.containerd.runtime.v2.task/k8s.io/${ID}/config.json`, '{"process":');
    expect(await readSettings(ID, root)).toBeUndefined();
    write(`run/containerd/io.containerd.runtime.v2.task/k8s.io/${ID}/config.json`, {
      process: { args: 7, env: {} },
      linux: { resources: { memory: { limit: -1 }, cpu: { quota: -1 } } },
    });
    expect(await readSettings(ID, root)).toEqual({ arguments: [], environment: [], limits: {} });
  });
});
