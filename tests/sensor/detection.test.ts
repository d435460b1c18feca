import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenDetection, openDetection } from '@breakwater/app/detection';
import type { RuntimeEvent } from '@breakwater/model';
import { Sensor } from '@breakwater/sensor/sensor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inContainers, NO_SENSOR, SampleImage } from './sample-container.ts';

describe.skipIf(NO_SENSOR !== '')(inContainers('detection in real containers'), () => {
  let image: SampleImage;
  let folder: string;

  beforeAll(() => {
    image = new SampleImage('breakwater-detection-test');
    folder = mkdtempSync(join(tmpdir(), 'breakwater-detection-'));
  });
  afterAll(() => {
    image?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Policies that alert while a script runs in a container, but for what is only audited. */
  async function alertsOf(container: string, script: string): Promise<RuntimeEvent[]> {
    const detection: OpenDetection = await openDetection({ state: folder, now: new Date().toISOString() });
    const alerts: RuntimeEvent[] = [];
    const sensor = await Sensor.open({
      chooses: (facts) => facts.container?.name === container,
      take: (event) => alerts.push(...detection.take(event)),
    });
    try {
      await image.run(container, script);
    } finally {
      await sensor.close();
    }
    return alerts.filter(({ alert }) => alert?.enforcement === 'warn');
  }

  const rules = (alerts: readonly RuntimeEvent[]): string[] =>
    [...new Set(alerts.map(({ alert }) => alert?.rule ?? ''))].sort();

  it('alerts of dropped programs, credentials, persistence and scripts from shared memory, with the processes above', async () => {
    const script = [
      'cp /app/busybox-program /tmp/busybox-dropped; /tmp/busybox-dropped true',
      'mkdir -p /root/.ssh; touch /etc/shadow; cat /etc/shadow; touch /root/.ssh/authorized_keys',
      'chmod 4755 /tmp/busybox-dropped',
      'unshare -U true',
    ].join('\n');
    const alerts = await alertsOf('bw-detect', script);
    expect(rules(alerts)).toEqual(
      expect.arrayContaining([
        'dropped-binary',
        'leaves-namespaces',
        'password-files-read',
        'sets-setuid',
        'ssh-access-added',
      ]),
    );
    const dropped = alerts.find(({ alert }) => alert?.rule === 'dropped-binary');
    expect(dropped?.alert?.ancestors).toMatchObject([{ path: '/bin/busybox', applet: 'sh' }]);
    expect(dropped?.alert?.story?.[0]).toContain('is not in the image');
  });

  it('alerts of a netcat that ties a shell to a connection, and of who writes to the runtime', async () => {
    const script = 'nc -w 1 127.0.0.1 9 -e /bin/sh; echo GET > /app/docker.sock';
    const alerts = await alertsOf('bw-detect-shell', script);
    expect(rules(alerts)).toEqual(expect.arrayContaining(['netcat-with-program', 'runtime-socket']));
  });

  it('says nothing of a container that does what it is for', async () => {
    const script =
      'i=0; while [ $i -lt 50 ]; do echo $i > /tmp/file; cat /tmp/file; ls /; i=$((i+1)); done; id; sleep 1';
    expect(rules(await alertsOf('bw-detect-quiet', script))).toEqual([]);
  });

  it('leaves no container behind', () => {
    const { stdout } = spawnSync('podman', ['ps', '-a', '--format', '{{.Names}}'], { encoding: 'utf8' });
    expect(stdout.split('\n').filter((name) => name.startsWith('bw-detect'))).toEqual([]);
  });
});
