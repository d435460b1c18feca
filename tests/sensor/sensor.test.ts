import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { RuntimeEvent } from '@breakwater/model';
import { Sensor } from '@breakwater/sensor/sensor';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { inContainers, NO_SENSOR, SampleImage } from './sample-container.ts';

/** Events come when the kernel and this machine have time for them. */
const until = (holds: () => boolean): Promise<unknown> => vi.waitUntil(holds, { timeout: 30_000, interval: 50 });

describe.skipIf(NO_SENSOR !== '')(inContainers('a sensor'), () => {
  let image: SampleImage;
  let sensor: Sensor | undefined;
  let events: RuntimeEvent[] = [];

  beforeAll(() => {
    image = new SampleImage('breakwater-sensor-test');
  });
  afterEach(async () => await sensor?.close());
  afterAll(() => image?.remove());

  /** Watches one container; what comes of it is in `events`. */
  async function watch(container: string, bufferSize?: number): Promise<void> {
    events = [];
    sensor = await Sensor.open({
      chooses: (facts) => facts.container?.name === container,
      isKnown: () => false,
      ...(bufferSize !== undefined && { bufferSize }),
      take: (event) => events.push(event),
    });
  }

  async function seen(container: string, script: string, options?: readonly string[]): Promise<RuntimeEvent[]> {
    await watch(container);
    await image.run(container, script, options);
    await sensor?.close();
    return events;
  }

  it('tells of programs with their arguments, parents and users', async () => {
    await seen('bw-exec', '/app/busybox-program true "two words" $((1+1)); exit 3');
    const [shell, program] = events.filter(({ type }) => type === 'exec');
    expect(shell).toMatchObject({ source: 'sensor', container: { name: 'bw-exec', image: `${image.name}:latest` } });
    expect(program?.process).toMatchObject({
      path: '/app/busybox-program',
      arguments: "true 'two words' 2",
      uid: 0,
      inImage: true,
    });
    expect(program?.parent).toMatchObject({ path: '/bin/busybox', pid: shell?.process?.pid });
    const ends = events.filter(({ type, process }) => type === 'exit' && process?.pid === shell?.process?.pid);
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([3]);
  });

  it('tells programs that are not in the image from those that are', async () => {
    await seen(
      'bw-copy',
      'cp /app/busybox-program /tmp/busybox-copy; /tmp/busybox-copy true; /app/busybox-program true',
    );
    const executed = events
      .filter(({ type }) => type === 'exec')
      .map(({ process }) => [process?.path, process?.inImage]);
    expect(executed).toContainEqual(['/tmp/busybox-copy', false]);
    expect(executed).toContainEqual(['/app/busybox-program', true]);
  });

  it('tells what files are read, written, made, renamed, linked and removed', async () => {
    await seen('bw-files', 'cat /etc/passwd; echo x > /tmp/a; mv /tmp/a /tmp/b; cd /tmp; ln b c; rm ./c; echo y >> b');
    const files = events.flatMap(({ type, file, call }) =>
      file?.path.startsWith('/tmp/') || file?.path === '/etc/passwd'
        ? [[call ?? type, file.path, file.from ?? file.access]]
        : [],
    );
    expect(files).toEqual([
      ['open', '/etc/passwd', 'read'],
      ['open', '/tmp/a', 'create'],
      ['rename', '/tmp/b', '/tmp/a'],
      ['link', '/tmp/c', '/tmp/b'],
      ['unlink', '/tmp/c', 'delete'],
      ['open', '/tmp/b', 'write'],
    ]);
  });

  it('tells of listeners, connections and callers, of both families and of sockets that are files', async () => {
    await seen(
      'bw-network',
      'nc -l -p 7001 127.0.0.1 & sleep 0.3; echo hello | nc 127.0.0.1 7001; nc 127.0.0.1 9; nc local:/tmp/no.sock; wait',
    );
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'listen', local: { address: '127.0.0.1', port: 7001 } }),
    );
    expect(events.find(({ type }) => type === 'accept')?.peer?.address).toBe('127.0.0.1');
    const connections = events.filter(({ type }) => type === 'connect');
    expect(connections.map(({ peer, failure }) => [peer?.address, peer?.port, peer?.protocol, failure])).toEqual(
      expect.arrayContaining([
        ['127.0.0.1', 7001, 'TCP', undefined],
        ['127.0.0.1', 9, 'TCP', 'ECONNREFUSED'],
      ]),
    );
  });

  it('tells of namespaces and mounts, whether they were allowed or not', async () => {
    await seen('bw-calls', 'unshare -m true; mount -t tmpfs none /tmp', ['--network=none', '--cap-add=SYS_ADMIN']);
    const calls = events.map(({ type, call }) => `${type} ${call}`);
    expect(calls).toContain('namespace unshare');
    expect(calls).toContain('mount mount');
  });

  it('sees a container of a moment from its first program to its last', async () => {
    await watch('bw-moment');
    await image.run('bw-moment', '/app/busybox-program true');
    await until(() => events.some(({ type }) => type === 'exit'));
    expect(events.filter(({ type }) => type === 'exec')).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'exit')).toHaveLength(1);
  });

  it('joins a container that runs already, with the processes that it has', async () => {
    const pid = image.start(
      'bw-running',
      'while true; do sleep 0.1; [ -e /tmp/go ] && /app/busybox-program true; done',
    );
    await watch('bw-running');
    spawnSync('touch', [`/proc/${pid}/root/tmp/go`]);
    const isProgram = ({ type, process }: RuntimeEvent) => type === 'exec' && process?.path === '/app/busybox-program';
    await until(() => events.some(isProgram));
    const program = events.find(isProgram);
    expect(program?.parent?.path).toBe('/bin/busybox');
  });

  it('tells nothing of what a runtime does before the program that it is asked to run', async () => {
    image.start('bw-entered', 'while true; do sleep 1; done');
    await watch('bw-entered');
    for (let turn = 0; turn < 5; turn++)
      await Promise.all([1, 2, 3, 4].map(() => image.within('bw-entered', '/app/busybox-program true')));
    const started = () =>
      events.filter(({ type, process }) => type === 'exec' && process?.path === '/app/busybox-program');
    await until(() => started().length >= 20);
    const runs = started();
    expect(runs).toHaveLength(20);
    expect(events.filter(({ type, process }) => type === 'mount' || process?.path === '')).toEqual([]);
  });

  it('says where a container listens that it joins', async () => {
    const pid = image.start('bw-listening', 'nc -l -p 7003 & wait');
    const port = `:${(7003).toString(16).toUpperCase()} `;
    const tables = ['tcp', 'tcp6'].map((name) => `/proc/${pid}/net/${name}`);
    await until(() => tables.some((path) => readFileSync(path, 'utf8').includes(port)));
    await watch('bw-listening');
    const found = events.filter(({ type }) => type === 'listen');
    expect(found.map(({ local }) => [local?.port, local?.protocol])).toEqual([[7003, undefined]]);
    expect(found[0]?.process).toMatchObject({ path: '/bin/busybox', applet: 'nc', uid: 0 });
    expect(found[0]?.parent).toMatchObject({ path: '/bin/busybox', applet: 'sh' });
    expect(events.find(({ type }) => type === 'watch')?.watch?.isWhole).toBe(false);
  });

  it('tells which capabilities are needed, and not those that the kernel only looks for', async () => {
    const own = 'chown 7 /tmp/a; kill -0 1; [ -e $p ] && cat /tmp/a';
    await seen('bw-capabilities', `p=/tmp/a; echo x > $p; /app/busybox-program ${own}`, [
      '--network=none',
      '--cap-add=SYS_ADMIN',
    ]);
    const needed = (): (string | undefined)[] => events.flatMap(({ call }) => (call?.startsWith('CAP_') ? [call] : []));
    const said = events.find(({ type }) => type === 'watch')?.watch;
    expect(said?.isWhole).toBe(true);
    expect(said?.dimensions.includes('capability')).toBe(sensor?.held.seesCapabilities);
    if (sensor?.held.seesCapabilities !== true) return;
    expect(new Set(needed())).toEqual(new Set(['CAP_CHOWN']));
    await seen('bw-mounter', 'mount -t tmpfs none /tmp', ['--network=none', '--cap-add=SYS_ADMIN']);
    expect(needed()).toContain('CAP_SYS_ADMIN');
  });

  it('tells which system calls a container makes, each once, and none of its runtime', async () => {
    events = [];
    sensor = await Sensor.open({
      chooses: (facts) => facts.container?.name === 'bw-called',
      tellsCalls: true,
      take: (event) => events.push(event),
    });
    await image.run('bw-called', 'read x < /etc/passwd; mv /etc/passwd /tmp/a; cat /tmp/a; umask 7; unshare -m true');
    await sensor.close();
    const calls = events.flatMap(({ type, call, process }) =>
      type === 'syscall' && process?.path === '' ? [call] : [],
    );
    expect(calls).toEqual(expect.arrayContaining(['execve', 'read', 'rename', 'umask']));
    expect(new Set(calls).size).toBe(calls.length);
    // The last was refused, and the others are its runtime's.
    for (const call of ['unshare', 'mount', 'pivot_root', 'setns', 'sethostname']) expect(calls).not.toContain(call);
    expect(events.find(({ type }) => type === 'watch')?.watch?.dimensions).toContain('syscall');
  });

  it('records nothing of the host and of containers that were not chosen', async () => {
    await watch('bw-chosen');
    await image.run('bw-other', '/app/busybox-program true');
    spawnSync('cat', ['/etc/hostname']);
    await image.run('bw-chosen', 'true');
    await sensor?.close();
    expect(new Set(events.map(({ container }) => container?.name))).toEqual(new Set(['bw-chosen']));
    expect(events.filter(({ file }) => file?.path === '/etc/hostname')).toEqual([]);
  });

  it('counts what finds no room, and goes on', async () => {
    await watch('bw-flood', 4096);
    await image.run('bw-flood', 'i=0; while [ $i -lt 20000 ]; do read x < /etc/passwd; i=$((i+1)); done');
    await sensor?.close();
    const lost = events.reduce((sum, event) => sum + (event.lost ?? 0), 0);
    const opened = events.filter(({ type, file }) => type === 'open' && file?.path === '/etc/passwd').length;
    expect(lost).toBeGreaterThan(0);
    expect(opened).toBeLessThan(20_000);
    expect(opened + lost).toBeGreaterThanOrEqual(20_000);
  });
});
