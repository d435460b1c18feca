import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileProfiles } from '@breakwater/app/profiles';
import { COMPILE_TARGETS, type Confinement } from '@breakwater/engine/compile';
import type { RuntimeEvent } from '@breakwater/model';
import { Sensor } from '@breakwater/sensor/sensor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inContainers, NO_SENSOR, SampleImage } from './sample-container.ts';

/** What the application does all day: its own user, a file in its mount, a port and a program. */
const WORK = [
  'cat /etc/passwd > /tmp/copy',
  // A listener whose input ends says so, and a caller who hears that first ends before it sends a word.
  '(sleep 1 | nc -l -p 7005 127.0.0.1 > /tmp/heard & sleep 0.3; echo hello | nc 127.0.0.1 7005; wait)',
  'echo "worked: $(cat /tmp/heard)"',
].join('; ');
const ATTACK =
  'touch /app/planted || echo no-write; unshare -U true || echo no-namespace; mount -t tmpfs none /mnt || echo no-mount';

const manifestOf = (image: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: worker, namespace: shop }
spec:
  selector: { matchLabels: { app: worker } }
  template:
    metadata: { labels: { app: worker } }
    spec:
      containers: [{ name: worker, image: ${image}, volumeMounts: [{ name: tmp, mountPath: /tmp }] }]
      volumes: [{ name: tmp, emptyDir: {} }]
`;

describe.skipIf(NO_SENSOR !== '')(inContainers('what a recording of a real container compiles to'), () => {
  let image: SampleImage;
  let folder = '';
  let before = '';
  let usual: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-targets-'));
    image = new SampleImage('breakwater-targets-test');
    mkdirSync(join(folder, 'data'));
    chmodSync(join(folder, 'data'), 0o777);
    chmodSync(folder, 0o755);
    usual = ['--network=none', '--user=1000', `--volume=${join(folder, 'data')}:/tmp`];
    const events: RuntimeEvent[] = [];
    const sensor = await Sensor.open({
      chooses: ({ container }) => container?.name === 'worker',
      take: (event) => void events.push(event),
    });
    before = await image.run('worker', WORK, usual);
    await sensor.close();
    writeFileSync(join(folder, 'events.json'), events.map((event) => JSON.stringify(event)).join('\n'));
    writeFileSync(join(folder, 'worker.yaml'), manifestOf(image.name));
  });
  afterAll(() => {
    image?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function compileTo(name: string): Promise<Confinement> {
    const found = COMPILE_TARGETS.find((target) => target.name === name)!;
    const { compiled } = await compileProfiles([join(folder, 'events.json')], {
      target: { ...found, confine: found.confine! },
      now: new Date().toISOString(),
      step: 'block',
      manifests: [join(folder, 'worker.yaml')],
      replay: [],
      readText: () => manifestOf(image.name),
    });
    expect(compiled).toHaveLength(1);
    expect(compiled[0]!.replay.refused).toEqual([]);
    expect(compiled[0]!.replay.judged).toBeGreaterThan(0);
    return compiled[0]!.confinement;
  }

  /** What the edits of a manifest mean to podman. */
  async function hardened(): Promise<string[]> {
    const { edits } = await compileTo('security-context');
    const fields = new Map(
      edits.map((edit) => [edit.pointer.slice(edit.pointer.indexOf('securityContext') + 1).join('.'), edit.value]),
    );
    expect(fields.get('runAsNonRoot')).toBe(true);
    expect(fields.get('readOnlyRootFilesystem')).toBe(true);
    expect(fields.get('allowPrivilegeEscalation')).toBe(false);
    return ['--read-only', '--security-opt=no-new-privileges'];
  }

  it('lets the container do its work as before, and what it never did fails', async () => {
    expect(before).toContain('worked: hello');
    const seccomp = await compileTo('seccomp');
    const path = join(folder, 'seccomp.json');
    writeFileSync(path, JSON.stringify(seccomp.objects[0]));
    const options = [...usual, ...(await hardened()), `--security-opt=seccomp=${path}`];
    expect(await image.run('worker-held', WORK, options)).toBe(before);
    const attacked = await image.run('worker-attacked', ATTACK, options);
    expect(attacked).toContain('no-write');
    expect(attacked).toContain('no-namespace');
    expect(attacked).toContain('no-mount');
  });

  it.each(['network-policy', 'tetragon', 'kubearmor', 'validating-admission-policy'])(
    'is a document for %s that would have refused nothing of it',
    async (target) => {
      const { objects } = await compileTo(target);
      expect(objects.length).toBeGreaterThan(0);
    },
  );
});
