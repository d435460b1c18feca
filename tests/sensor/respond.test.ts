import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  approveResponse,
  openJournal,
  planResponse,
  type RespondContext,
  RespondSettings,
  requestResponse,
  undoResponse,
} from '@breakwater/app/respond';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inContainers, NO_SENSOR, SampleImage } from './sample-container.ts';

const WHY = { who: 'alice', reason: 'it is tested' };

describe.skipIf(NO_SENSOR !== '')(inContainers('responses on a host'), () => {
  let image: SampleImage;
  let folder = '';
  let context: RespondContext;
  let count = 0;

  beforeAll(() => {
    image = new SampleImage('breakwater-respond-test');
  });
  afterAll(() => image?.remove());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-respond-'));
    context = {
      ports: { folder: join(folder, 'evidence'), now: () => new Date() },
      settings: RespondSettings.parse({}),
      journal: openJournal(folder),
      newId: () => `R${++count}`,
    };
    return () => rmSync(folder, { recursive: true, force: true });
  });

  const processes = (container: string): { pid: number; command: string }[] =>
    execFileSync('podman', ['top', container, 'hpid', 'args'], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .map(([pid, ...words]) => ({ pid: Number(pid), command: words.join(' ') }));

  const sleeper = (container: string, seconds: number): number =>
    processes(container).find(({ command }) => command === `sleep ${seconds}`)?.pid ?? 0;

  /** The same once it is there: a container is said to run before its script does. */
  const asleep = async (container: string, seconds: number): Promise<number> => {
    await expect.poll(() => sleeper(container, seconds), { timeout: 20_000 }).toBeGreaterThan(0);
    return sleeper(container, seconds);
  };

  it('end the process that was looked at, and nothing else of its container', async () => {
    image.start('bw-respond-kill', 'sleep 4711 & sleep 4712 & wait; wait');
    const pid = await asleep('bw-respond-kill', 4711);
    const config = { pid };
    const { plan } = await planResponse({ response: 'kill-process', config }, context.ports, context.settings, []);
    expect(plan.steps[0]).toContain(`Send SIGKILL to process ${pid}`);
    expect(sleeper('bw-respond-kill', 4711)).toBe(pid);
    const entry = await requestResponse({ response: 'kill-process', config, ...WHY }, context);
    expect(entry).toMatchObject({ step: 'done', said: [`Sent SIGKILL to process ${pid}.`] });
    await expect.poll(() => sleeper('bw-respond-kill', 4711)).toBe(0);
    expect(sleeper('bw-respond-kill', 4712)).toBeGreaterThan(0);
    expect(context.journal.entries().map(({ step, who }) => [step, who])).toEqual([
      ['begun', 'alice'],
      ['done', 'alice'],
    ]);
  });

  it('send nothing to a later process of the same number, nor to what is in no container', async () => {
    image.start('bw-respond-reuse', 'sleep 4713');
    const pid = await asleep('bw-respond-reuse', 4713);
    const later = requestResponse({ response: 'kill-process', config: { pid, start: 1 }, ...WHY }, context);
    await expect(later).rejects.toMatchObject({ code: 'process-gone' });
    const planned = await planResponse(
      { response: 'kill-process', config: { pid } },
      context.ports,
      context.settings,
      [],
    );
    const forged = { ...planned.plan, state: { pid, start: 1 } };
    await expect(planned.kind.execute({ pid }, forged, context.ports)).rejects.toMatchObject({ code: 'process-gone' });
    const own = requestResponse({ response: 'kill-process', config: { pid: process.pid }, ...WHY }, context);
    await expect(own).rejects.toMatchObject({ code: 'own-process' });
    const canary = spawn('sleep', ['4721']);
    const ofHost = requestResponse({ response: 'kill-process', config: { pid: canary.pid }, ...WHY }, context);
    await expect(ofHost).rejects.toMatchObject({ code: 'not-in-container' });
    expect(canary.exitCode).toBeNull();
    canary.kill();
    expect(sleeper('bw-respond-reuse', 4713)).toBe(pid);
  });

  it('stop a process, and let it go on again', async () => {
    image.start('bw-respond-stop', 'sleep 4714 & wait');
    const pid = await asleep('bw-respond-stop', 4714);
    const stateOf = () => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const { id } = await requestResponse(
      { response: 'kill-process', config: { pid, signal: 'STOP' }, ...WHY },
      context,
    );
    await expect.poll(stateOf).toBe('T');
    const undone = await undoResponse(id, WHY, context);
    expect(undone.step).toBe('undone');
    await expect.poll(stateOf).toBe('S');
    await expect(undoResponse(id, WHY, context)).rejects.toMatchObject({ code: 'nothing-to-undo' });
  });

  it('stop a container, and start it again', async () => {
    const name = 'bw-respond-container';
    const run = ['--runtime=runc', '--cgroup-manager=cgroupfs', 'run', '--detach', '--network=none', `--name=${name}`];
    const limits = ['--ulimit=nofile=1024:4096', '--ulimit=nproc=1024:1024'];
    execFileSync('podman', [...run, ...limits, image.name, '/bin/sh', '-c', 'sleep 4715'], { stdio: 'pipe' });
    const isRunning = () =>
      execFileSync('podman', ['inspect', '-f', '{{.State.Running}}', name], { encoding: 'utf8' }).trim() === 'true';
    try {
      const config = { container: name, seconds: 0 };
      const { id } = await requestResponse({ response: 'stop-container', config, ...WHY }, context);
      expect(isRunning()).toBe(false);
      await undoResponse(id, WHY, context);
      expect(isRunning()).toBe(true);
    } finally {
      spawnSync('podman', ['rm', '-f', '-t', '0', name]);
    }
  });

  it('keep processes, connections and changed files, each with its hash, and follow no link out of the container', async () => {
    const secret = join(folder, 'secret-of-the-host');
    writeFileSync(secret, 'host only');
    const script = [
      'echo dropped > /tmp/dropped',
      'rm /etc/passwd',
      `ln -s ${secret} /tmp/link; ln -s ${folder} /tmp/folder`,
      'cp /app/busybox-program /tmp/busybox-gone; /tmp/busybox-gone sleep 4716 & sleep 0.3; rm /tmp/busybox-gone',
      'nc -l -p 7007 127.0.0.1 & exec sleep 4717',
    ].join('; ');
    image.start('bw-respond-evidence', script);
    const pid = await asleep('bw-respond-evidence', 4717);
    const listens = () =>
      readFileSync(`/proc/${pid}/net/tcp`, 'utf8').includes(`:${(7007).toString(16).toUpperCase()}`);
    await expect.poll(listens, { timeout: 20_000 }).toBe(true);
    const config = { container: 'bw-respond-evidence' };
    const { said } = await requestResponse({ response: 'snapshot', config, ...WHY }, context);
    const [, path = '', sha256] = /^Wrote (\S+) \(\d+ bytes, sha256 ([0-9a-f]{64})\)\.$/.exec(said[0] ?? '') ?? [];
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(sha256);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const out = join(folder, 'out');
    execFileSync('sh', ['-c', 'mkdir "$1" && tar -xf "$0" -C "$1"', path, out]);
    const read = (name: string) => JSON.parse(readFileSync(join(out, name), 'utf8'));
    const manifest = read('manifest.json');
    expect(manifest.truncated).toBe(false);
    for (const file of manifest.files) {
      const bytes = readFileSync(join(out, file.name));
      expect([file.name, createHash('sha256').update(bytes).digest('hex')]).toEqual([file.name, file.sha256]);
    }
    expect(readFileSync(join(out, 'changed/tmp/dropped'), 'utf8')).toBe('dropped\n');
    const changed = new Map(read('changed-files.json').map((file: { path: string }) => [file.path, file]));
    expect(changed.get('/etc/passwd')).toMatchObject({ kind: 'deleted' });
    expect(changed.get('/tmp/link')).toMatchObject({ kind: 'link', to: secret, stored: false });
    expect(existsSync(join(out, 'changed/tmp/folder'))).toBe(false);
    const gone = read('processes.json').find(({ path: program }: { path: string }) => program.endsWith('(deleted)'));
    expect(readFileSync(join(out, `programs/${gone.pid}`)).length).toBeGreaterThan(100_000);
    expect(read('connections.json')).toContainEqual(
      expect.objectContaining({ state: 'listen', local: expect.stringMatching(/:7007$/) }),
    );
    expect(JSON.stringify(read('processes.json'))).not.toContain('HOSTNAME');
  });

  it('wait for a second person where that is asked for, and count what was done', async () => {
    image.start('bw-respond-second', 'sleep 4718 & sleep 4719 & wait; wait');
    context.settings = RespondSettings.parse({ secondPerson: 'destructive', mostPerTarget: 1 });
    const config = { pid: await asleep('bw-respond-second', 4718) };
    const { id, step } = await requestResponse({ response: 'kill-process', config, ...WHY }, context);
    expect([step, sleeper('bw-respond-second', 4718)]).toEqual(['asked', config.pid]);
    await expect(approveResponse(id, WHY, context)).rejects.toMatchObject({ code: 'second-person-missing' });
    const approved = await approveResponse(id, { who: 'bob', reason: 'I saw it too' }, context);
    expect(approved).toMatchObject({ step: 'done', who: 'bob', reason: 'I saw it too (asked by alice: it is tested)' });
    const another = { pid: await asleep('bw-respond-second', 4719) };
    const more = requestResponse({ response: 'kill-process', config: another, ...WHY }, context);
    await expect(more).rejects.toMatchObject({
      code: 'response-refused',
      message: expect.stringContaining('no more than 1'),
    });
    expect(sleeper('bw-respond-second', 4719)).toBe(another.pid);
  });

  it('notice a journal in which a line was changed', async () => {
    image.start('bw-respond-journal', 'sleep 4720');
    const config = { container: 'bw-respond-journal' };
    await requestResponse({ response: 'snapshot', config, ...WHY }, context);
    const text = readFileSync(context.journal.path, 'utf8');
    writeFileSync(context.journal.path, text.replace('"alice"', '"carol"'));
    expect(() => context.journal.entries()).toThrow('was changed, or a line before it is gone');
  });
});
