import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RuntimeEvent } from '@breakwater/model';
import { Sensor, type SensorOptions } from '@breakwater/sensor/sensor';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inContainers, NO_SENSOR, SampleImage } from './sample-container.ts';

const NO_COMPILER = spawnSync('cc', ['--version']).status === 0 ? '' : ' (left out: no C compiler)';

/** Address of the container's name server, that of one which nobody gave it, and what they call others. */
const [RESOLVER, STRANGER] = ['127.0.0.9', '127.0.0.10'];
const answer = (id: Buffer, name: string, last: number): Buffer =>
  Buffer.concat([
    id,
    Buffer.from([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]),
    ...name.split('.').map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)])),
    Buffer.from([0, 0, 1, 0, 1, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, last]),
  ]);

describe.skipIf(NO_SENSOR !== '')(inContainers('what containers do, in a sensor'), { timeout: 300_000 }, () => {
  let image: SampleImage;
  let sensor: Sensor | undefined;
  let events: RuntimeEvent[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'deeds-'));

  beforeAll(() => {
    image = new SampleImage('breakwater-deeds-test', (root) => {
      if (NO_COMPILER !== '') return;
      const source = new URL('deeds/deeds.c', import.meta.url).pathname;
      execFileSync('cc', ['-O1', '-static', '-pthread', '-o', join(folder, 'deeds'), source]);
      copyFileSync(join(folder, 'deeds'), join(root, 'app/deeds'));
    });
  });
  afterEach(async () => await sensor?.close());
  afterAll(() => {
    image?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function seen(
    container: string,
    script: string,
    { args = ['--network=none'], ...options }: Partial<SensorOptions> & { args?: string[] } = {},
  ): Promise<RuntimeEvent[]> {
    events = [];
    sensor = await Sensor.open({
      chooses: (facts) => facts.container?.name === container,
      take: (event) => events.push(event),
      ...options,
    });
    const output = await image.run(container, script, args);
    await sensor.close();
    expect(output).not.toContain('Error');
    return events;
  }

  it('is counted once it is known, and told with how often it happened', async () => {
    const turns =
      'i=0; while [ $i -lt 50 ]; do /app/busybox-program true; read x < /etc/passwd; nc 127.0.0.1 9; i=$((i+1)); done';
    await seen('bw-known', `${turns}; /app/busybox-program true other`, { repeatsEvery: 3_600_000 });
    const told = events.filter(({ count }) => count === undefined);
    const programs = told.filter(({ type, process }) => type === 'exec' && process?.path === '/app/busybox-program');
    expect(programs.map(({ process }) => process?.arguments)).toEqual(['true', 'true other']);
    expect(told.filter(({ type, file }) => type === 'open' && file?.path === '/etc/passwd')).toHaveLength(1);
    expect(told.filter(({ type, peer }) => type === 'connect' && peer?.port === 9)).toHaveLength(1);
    const again = (type: RuntimeEvent['type'], about: string): number =>
      events
        .filter(
          (event) => event.type === type && (event.file?.path ?? event.peer?.port ?? event.process?.path) === about,
        )
        .reduce((sum, { count = 0 }) => sum + count, 0);
    expect(again('exec', '/app/busybox-program')).toBe(49);
    expect(again('open', '/etc/passwd')).toBe(49);
    expect(events.find(({ peer, count }) => peer?.port === 9 && count !== undefined)?.count).toBe(49);
    // Whose start was only counted is still known by what it runs.
    expect(told.filter(({ process }) => process?.path === '')).toEqual([]);
  });

  it('is told with names that its name server gave, over UDP and TCP, and with none that a stranger gave', async () => {
    const servers: { close(): void }[] = [];
    const named = (address: string, name: string, last: number): Promise<Socket> =>
      new Promise((resolve) => {
        const server = createSocket('udp4', (question, from) =>
          server.send(answer(question.subarray(0, 2), name, last), from.port, from.address),
        );
        server.bind(53, address, () => resolve(server));
      });
    servers.push(await named(RESOLVER, 'api.example', 77), await named(STRANGER, 'bank.example', 78));
    const bytes = answer(Buffer.from([0, 7]), 'tcp.example', 79);
    const stream: Server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]));
    });
    await new Promise<void>((resolve) => void stream.listen(53, RESOLVER, resolve));
    servers.push(stream);
    try {
      const ask = `/app/busybox-program nslookup api.example; /app/busybox-program nslookup bank.example ${STRANGER}; nc ${RESOLVER} 53 < /dev/null`;
      await seen('bw-names', `${ask}; sleep 0.2; for last in 77 78 79; do nc 127.0.0.$last 9; done; true`, {
        args: ['--network=host', `--dns=${RESOLVER}`],
      });
    } finally {
      for (const server of servers) server.close();
    }
    const peers = events.flatMap(({ type, peer }) => (type === 'connect' && peer?.port === 9 ? [peer] : []));
    expect(peers.map(({ address, name }) => [address, name])).toEqual([
      ['127.0.0.77', 'api.example'],
      ['127.0.0.78', undefined],
      ['127.0.0.79', 'tcp.example'],
    ]);
  });

  it.skipIf(NO_COMPILER !== '')(
    `is told of a mounted socket with the name that its listener gave it${NO_COMPILER}`,
    async () => {
      const path = join(folder, 'runtime.sock');
      const server = createServer((socket) => socket.end());
      await new Promise<void>((resolve) => void server.listen(path, resolve));
      try {
        await seen('bw-socket', '/app/deeds /app/harmless', {
          args: ['--network=none', `--volume=${path}:/app/harmless`],
        });
      } finally {
        server.close();
      }
      const file = events.find(({ type, file }) => type === 'connect' && file !== undefined)?.file;
      expect(file).toMatchObject({ path: '/app/harmless', from: expect.stringMatching(/runtime\.sock$/) });
    },
  );

  it.skipIf(NO_COMPILER !== '')(`starts threads, which are no namespaces${NO_COMPILER}`, async () => {
    await seen('bw-threads', '/app/deeds threads', {
      args: ['--network=none', '--security-opt=seccomp=unconfined', '--security-opt=apparmor=unconfined'],
    });
    const own = events.filter(({ process }) => process?.path === '/app/deeds');
    expect(own.map(({ type }) => type)).toContain('exec');
    expect(own.filter(({ type }) => type === 'namespace')).toEqual([]);
  });

  it.skipIf(NO_COMPILER !== '')(
    `is told after addresses that are none, and by all ways to send${NO_COMPILER}`,
    async () => {
      await seen('bw-strange', '/app/deeds; /app/deeds strange', {
        args: ['--network=none', '--security-opt=seccomp=unconfined', '--cap-add=SYS_ADMIN'],
      });
      const own = events.filter(({ process }) => process?.path === '/app/deeds');
      expect(own.filter(({ type }) => type === 'listen').map(({ local }) => local?.port)).toEqual([7002]);
      expect(own.filter(({ type }) => type === 'namespace').map(({ call }) => call)).toEqual(['unshare']);
      expect(own.filter(({ type }) => type === 'exit').map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      const ports = own.flatMap(({ type, peer }) => (type === 'connect' && peer ? [peer.port] : []));
      expect(ports).toEqual(expect.arrayContaining([19, 29, 39]));
    },
  );

  it.skipIf(NO_COMPILER !== '')(
    `is told of datagrams apart from the connection by which they are sent, and of no ends of a pair of sockets${NO_COMPILER}`,
    async () => {
      await seen('bw-routes', '/app/deeds routes');
      const own = events.filter(({ process }) => process?.path === '/app/deeds');
      expect(own.flatMap(({ type, call, peer }) => (type === 'connect' ? [[peer?.port, call]] : []))).toEqual([
        [69, 'connect'],
        [79, 'connect'],
        [79, 'sendto'],
        // What is written to it is not told: that it may be is.
        [89, 'connect'],
      ]);
      const taken = own.filter(({ call }) => call === 'dup2');
      expect(taken.map(({ peer, local }) => [peer, local])).toEqual([[undefined, undefined]]);
    },
  );

  it.skipIf(NO_COMPILER !== '')(`is told of each protocol, though the other is known${NO_COMPILER}`, async () => {
    await seen('bw-protocols', '/app/deeds protocols');
    const told = events.flatMap(({ type, peer }) => (type === 'connect' && peer?.port === 7040 ? [peer.protocol] : []));
    expect(told).toEqual(['TCP', 'UDP']);
  });

  it.skipIf(NO_COMPILER !== '')(
    `is told of listeners for datagrams, joined or seen from the start${NO_COMPILER}`,
    async () => {
      const listeners = (): unknown[] =>
        events.flatMap(({ type, process, local }) =>
          type === 'listen' ? [[process?.path, local?.port, local?.protocol]] : [],
        );
      image.start('bw-joined', '/app/deeds datagrams 7004');
      await pause(1000);
      events = [];
      sensor = await Sensor.open({
        chooses: ({ container }) => ['bw-joined', 'bw-begun'].includes(container?.name ?? ''),
        take: (event) => events.push(event),
      });
      expect(listeners()).toEqual([['/app/deeds', 7004, 'UDP']]);
      image.start('bw-begun', '/app/deeds datagrams 7005');
      await until(() => listeners().length > 1);
      expect(listeners()).toEqual([
        ['/app/deeds', 7004, 'UDP'],
        ['/app/deeds', 7005, 'UDP'],
      ]);
    },
  );

  it.skipIf(NO_COMPILER !== '')(`is seen through io_uring too${NO_COMPILER}`, async () => {
    await seen('bw-ring', 'cd /; /app/deeds', { args: ['--network=none', '--security-opt=seccomp=unconfined'] });
    const ring = events.filter(({ process }) => process?.path === '/app/deeds');
    expect(ring.some(({ call }) => call === 'io_uring_setup')).toBe(true);
    if (sensor?.held.seesRings !== true) return;
    expect(ring).toContainEqual(
      expect.objectContaining({ type: 'open', call: 'io_uring', file: { path: '/etc/passwd', access: 'read' } }),
    );
    expect(ring.find(({ type }) => type === 'connect')?.peer).toEqual({
      address: '127.0.0.1',
      port: 9,
      protocol: 'TCP',
    });
  });

  it('is told with names as they are, whatever is in them', async () => {
    const make = 'name="$(printf \'a\\nb\\033[31m\')"; echo x > "/tmp/$name"; printf x > "/tmp/$(printf \'\\377\')"';
    await seen('bw-hostile', make);
    const made = events.filter(({ file }) => file?.access === 'create').map(({ file }) => file?.path);
    expect(made).toEqual(['/tmp/a\nb\u001b[31m', '/tmp/\ufffdff']);
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  });

  it('has the digest of what was dropped and still runs', async () => {
    const program = 'cp /app/busybox-program /tmp/busybox-dropped; /tmp/busybox-dropped sleep 2';
    await seen('bw-digest', program);
    const dropped = events.find(({ type, process }) => type === 'exec' && process?.path === '/tmp/busybox-dropped');
    const busybox =
      ['/bin/busybox', '/usr/bin/busybox'].find((path) => spawnSync('test', ['-e', path]).status === 0) ?? '';
    expect(dropped?.process?.digest).toBe(`sha256:${createHash('sha256').update(readFileSync(busybox)).digest('hex')}`);
  });

  it('is seen by two sensors, which know nothing of each other', async () => {
    const others: RuntimeEvent[] = [];
    const second = await Sensor.open({
      chooses: ({ container }) => container?.name === 'bw-two',
      take: (event) => others.push(event),
    });
    await seen('bw-two', '/app/busybox-program true');
    await second.close();
    const pathsOf = (list: RuntimeEvent[]): unknown[] =>
      list.filter(({ type }) => type === 'exec').map(({ process }) => process?.path);
    expect(pathsOf(others)).toEqual(pathsOf(events));
    expect(pathsOf(others)).toContain('/app/busybox-program');
  });

  it('does not stop the sensor: hundreds of processes at once, while it looks at what they use', async () => {
    const flood =
      'i=0; while [ $i -lt 1500 ]; do (true) & i=$((i+1)); done; wait; /app/busybox-program true last; sleep 1.5';
    await seen('bw-flood', flood, { args: ['--network=none', '--pids-limit=256'], usageEvery: 500 });
    expect(events.some(({ type, process }) => type === 'exec' && process?.arguments === 'true last')).toBe(true);
    const usage = events.flatMap(({ type, usage }) => (type === 'resource' && usage !== undefined ? [usage] : []));
    expect(usage.reduce((sum, { cpu = 0 }) => sum + cpu, 0)).toBeGreaterThan(0);
    expect(usage.some(({ tasks = 0 }) => tasks > 0)).toBe(true);
  });

  it('does not stop the sensor that it starts as many programs as it may, and what found no room is counted', async () => {
    const after: RuntimeEvent[] = [];
    events = [];
    sensor = await Sensor.open({
      chooses: ({ container }) => ['bw-bomb', 'bw-after'].includes(container?.name ?? ''),
      isKnown: () => false,
      bufferSize: 4096,
      take: (event) => (event.container?.name === 'bw-after' ? after : events).push(event),
    });
    const bomb = 'bomb() { /app/busybox-program true & bomb | bomb & }; bomb; sleep 600';
    image.start('bw-bomb', bomb, ['--network=none', '--pids-limit=64']);
    await until(() => events.some(({ type, lost = 0 }) => type === 'loss' && lost > 0));
    spawnSync('podman', ['kill', 'bw-bomb']);
    await image.run('bw-after', '/app/busybox-program true');
    await until(() => after.some(({ type }) => type === 'exec'));
    const losses = events.filter(({ type }) => type === 'loss');
    for (const { since = '', time } of losses) expect(since < time).toBe(true);
  });

  it('is told as lost with the container and the time where there is no room', async () => {
    const opens = 'i=0; while [ $i -lt 20000 ]; do read x < /etc/passwd; i=$((i+1)); done; /app/busybox-program true';
    await seen('bw-lost', opens, { isKnown: () => false, bufferSize: 4096 });
    const losses = events.filter(({ type }) => type === 'loss');
    expect(losses.length).toBeGreaterThan(0);
    // Of containers that others start in this moment nobody knows yet what they are.
    expect(losses.some(({ container, lost = 0 }) => container?.name === 'bw-lost' && lost > 0)).toBe(true);
    for (const { since = '', time } of losses) expect(since < time).toBe(true);
  });

  it('waits in the kernel while nobody takes it, and is counted where there is no room', async () => {
    events = [];
    sensor = await Sensor.open({
      chooses: ({ container }) => container?.name === 'bw-slow',
      isKnown: () => false,
      bufferSize: 65_536,
      take: (event) => events.push(event),
    });
    image.start(
      'bw-slow',
      'while [ ! -e /tmp/go ]; do sleep 0.1; done; i=0; while [ $i -lt 5000 ]; do read x < /etc/passwd; i=$((i+1)); done; touch /tmp/done; sleep 600',
    );
    await until(() => events.some(({ type }) => type === 'exec'));
    sensor.pause();
    await image.within('bw-slow', 'touch /tmp/go; while [ ! -e /tmp/done ]; do sleep 0.1; done');
    const before = events.filter(({ type }) => type === 'open').length;
    sensor.resume();
    await sensor.close();
    const opened = events.filter(({ file }) => file?.path === '/etc/passwd').length;
    const lost = events.reduce((sum, { lost = 0, call }) => sum + (call === 'open' ? lost : 0), 0);
    expect(before).toBeLessThan(1000);
    expect(lost).toBeGreaterThan(0);
    expect(opened + lost).toBeGreaterThanOrEqual(5000);
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(50)) if (holds()) return;
  throw new Error('it took too long');
}
