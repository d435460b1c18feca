import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '../testing/run-command.ts';

const EVENT = {
  source: 'sensor',
  time: '2026-11-22T10:00:00Z',
  pod: { namespace: 'shop', name: 'web-5d8f7c9b6-x2x4k', labels: {} },
  container: { name: 'nginx' },
  process: { path: '/usr/sbin/nginx', arguments: '', uid: 101, inImage: true },
};
const EVENTS = [
  { ...EVENT, type: 'exec' },
  { ...EVENT, type: 'listen', local: { address: '0.0.0.0', port: 8080 } },
  { ...EVENT, type: 'open', file: { path: '/tmp/upload.1', access: 'create' } },
];
const DROPPED = { ...EVENT, type: 'exec', process: { path: '/tmp/miner', arguments: '', uid: 101, inImage: false } };

const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        # serves pages
        - name: nginx
          image: nginx:1
          volumeMounts: [{ name: tmp, mountPath: /tmp }]
      volumes: [{ name: tmp, emptyDir: {} }]
`;

describe('breakwater policy compile', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-compile-to-'));
    const lines = (events: object[]): string => events.map((event) => JSON.stringify(event)).join('\n');
    writeFileSync(join(folder, 'events.json'), lines(EVENTS));
    writeFileSync(join(folder, 'attack.json'), lines([...EVENTS, DROPPED]));
    writeFileSync(join(folder, 'web.yaml'), MANIFEST);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]): Promise<CommandRun> =>
    runCommand(args, { folder, state: join(folder, 'state'), environment: { NO_COLOR: '1' } });

  it('patches the manifest of what was recorded, finds it by the names of its pods, and replays the recording', async () => {
    const { code, stdout, stderr } = await run(
      ...['policy', 'compile', '--to', 'security-context', '--manifest', 'web.yaml', 'events.json'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('--- a/web.yaml');
    expect(stdout).toContain('+            readOnlyRootFilesystem: true');
    expect(stdout).toContain('+            runAsNonRoot: true');
    expect(stderr).toContain('shop/Deployment/web');
    expect(stderr).toContain('It would have refused 0 of 4 observed behaviours');
  });

  it('takes labels from the manifest, and ends with 1 where what is replayed would have been refused', async () => {
    const { code, stdout, stderr } = await run(
      ...['policy', 'compile', '--to', 'tetragon', '--manifest', 'web.yaml', '--replay', 'attack.json', 'events.json'],
    );
    expect(code).toBe(1);
    expect(stdout).toContain('app: web');
    expect(stderr).toMatch(/It would have refused 1 of 6 observed behaviours/);
    expect(stderr).toContain('/tmp/miner');
  });

  it('compiles policies by name where no file is called so', async () => {
    const args = ['policy', 'compile', '--to', 'validating-admission-policy', 'no-privileged-containers'];
    const { code, stdout } = await run(...args);
    expect([code, stdout.includes('breakwater-no-privileged-containers')]).toEqual([0, true]);
    const other = await run('policy', 'compile', '--to', 'kubearmor', 'no-privileged-containers');
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('compiled from a profile')]);
  });

  it('says what there is where the target is not known', async () => {
    const { code, stderr } = await run('policy', 'compile', '--to', 'selinux', 'events.json');
    expect(code).toBe(2);
    expect(stderr).toContain('kubearmor: KubeArmorPolicy');
  });

  it('takes a profile that was written by `profile show`, and tells what differs between two', async () => {
    const shown = await run('profile', 'show', 'events.json', '--output', 'json');
    writeFileSync(join(folder, 'web.json'), shown.stdout);
    const compiled = await run('policy', 'compile', '--to', 'network-policy', '--selector', 'app=web', 'web.json');
    expect([compiled.code, compiled.stdout]).toEqual([0, expect.stringContaining('port: 8080')]);
    expect((await run('profile', 'diff', 'web.json', 'events.json')).code).toBe(0);
    const diff = await run('profile', 'diff', 'web.json', 'attack.json');
    expect(diff.code).toBe(3);
    expect(diff.stdout).toMatch(/^\+ +exec +\/tmp\/miner \(not in the image\)/m);
  });
});
