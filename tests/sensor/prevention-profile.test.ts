import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { behaviourKey } from '@breakwater/engine/behaviour';
import { type Behaviour, DIMENSIONS, LearnedProfile, ReleaseFacts, type RuntimeEvent } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inContainers, NO_SENSOR, SampleImage } from './sample-container.ts';

const COMMAND = fileURLToPath(new URL('../../packages/cli/bin/breakwater.mjs', import.meta.url));
const NAME = 'bw-learned';
const BUSYBOX = '/bin/busybox';

/** A container that starts busybox out of busybox and connects nowhere, settled in some dimensions. */
function learned(settled: readonly Behaviour['dimension'][], changes: Partial<LearnedProfile> = {}): LearnedProfile {
  const starts = ['', BUSYBOX].map(
    (actor): Behaviour => ({ dimension: 'exec', actor, parent: '', object: BUSYBOX, inImage: true }),
  );
  const seen = ['exec', 'open', 'connect', 'listen', 'privilege'];
  return LearnedProfile.parse({
    version: 1,
    subject: NAME,
    budget: { alerts: 1, hours: 6 },
    dimensions: DIMENSIONS.map((dimension) => ({
      ...{ dimension, isSeen: seen.includes(dimension), isSettled: settled.includes(dimension) },
      ...{ minutes: 600, partialMinutes: 0, behaviours: 2, once: 0, expected: 0, atMost: 0.1 },
      note: settled.includes(dimension) ? 'settled' : 'settles after 3 more hours without anything new',
    })),
    behaviours: starts.map((behaviour) => ({
      ...{ behaviour, key: behaviourKey(behaviour), origin: 'learned' },
      ...{ incidences: 500, replicas: 2, days: 2, releases: ['r1'] },
    })),
    pending: [],
    releases: [releaseOf('r1', '2026-11-01T00:00:00Z')],
    resources: [],
    growth: [],
    ...changes,
  });
}

const releaseOf = (id: string, since: string): LearnedProfile['releases'][number] => ({
  ...{ facts: ReleaseFacts.parse({ id }), since, last: since, minutes: 300, replicas: 2 },
  ...{ explained: [], unexplained: [] },
});

describe.skipIf(NO_SENSOR !== '')(inContainers('a sensor that is given a learned profile'), () => {
  let image: SampleImage;
  let folder = '';
  let sensor: ChildProcess | undefined;
  let server: Server;
  let said = '';
  let callers = 0;
  const events: RuntimeEvent[] = [];

  beforeAll(async () => {
    image = new SampleImage('breakwater-learned-test');
    folder = mkdtempSync(join(tmpdir(), 'learned-'));
    server = createServer((socket) => {
      callers++;
      socket.on('error', () => undefined).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    sensor?.kill('SIGINT');
    server?.close();
    image?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const path = (): string => join(folder, 'profile.json');
  /** As whoever learns writes it: whole, or not at all. */
  function write(profile: LearnedProfile): void {
    writeFileSync(`${path()}.new`, JSON.stringify(profile));
    renameSync(`${path()}.new`, path());
  }

  async function until(isSo: () => boolean): Promise<void> {
    for (let look = 0; look < 600; look++) {
      if (isSo()) return;
      await pause(100);
    }
    expect.fail(`it never was so; the sensor said: ${said}${JSON.stringify(events.slice(-5))}`);
  }

  /** What was decided of the next one. */
  async function next(command: string, guard: string): Promise<string | undefined> {
    const decided = (): RuntimeEvent[] => events.filter(({ guards }) => guards?.includes(guard as 'programs'));
    const before = decided().length;
    await image.within(NAME, `touch /tmp/${command}`);
    await until(() => decided().length > before);
    return decided()[before]?.prevention;
  }

  it('stops where it is settled, tells where it is not, arms by itself and falls back with a release', async () => {
    const { port } = server.address() as { port: number };
    write(learned(['exec']));
    const drop = 'n=$((n+1)); cp /app/busybox-program /tmp/busybox-$n; /tmp/busybox-$n true; rm -f /tmp/busybox-$n';
    const turns = `if test -e /tmp/drop; then rm /tmp/drop; ${drop}; fi; if test -e /tmp/call; then rm /tmp/call; nc 127.0.0.1 ${port} < /dev/null; fi`;
    image.start(NAME, `n=0; while true; do ${turns}; sleep 0.1; done`, ['--network=host']);
    const args = ['sensor', '--container', NAME, '--profile', path(), '--state', folder, '--every', '-o', 'json'];
    sensor = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    sensor.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')));
    let rest = '';
    sensor.stdout?.on('data', (bytes: Buffer) => {
      const lines = (rest + bytes.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) events.push(JSON.parse(line) as RuntimeEvent);
    });
    await until(() => said.includes('prevented'));
    expect(said).toContain('connect is only told: not settled: settles after 3 more hours without anything new');

    expect(await next('drop', 'programs')).toBe('stopped');
    expect([await next('call', 'connections'), callers]).toEqual(['audited', 1]);

    const changes = (): RuntimeEvent[] => events.filter(({ alert }) => alert?.rule === 'prevention-profile');
    write(learned(['exec', 'connect']));
    await until(() => changes().length === 1);
    expect(changes()[0]?.alert?.message).toContain('it stops programs, starts, connections, sockets and');
    expect([await next('call', 'connections'), callers]).toEqual(['stopped', 1]);

    const r2 = releaseOf('r2', '2026-11-02T00:00:00Z');
    const difference = { from: 'r1', to: 'r2', changes: [], incomplete: ['the files of r2 were not read'] };
    const releases = [releaseOf('r1', '2026-11-01T00:00:00Z'), { ...r2, difference }];
    write(learned(['exec', 'connect'], { releases }));
    await until(() => changes().length === 2);
    expect(await next('drop', 'programs')).toBe('audited');
    expect([await next('call', 'connections'), callers]).toEqual(['audited', 2]);
    await until(() => said.includes('could not be compared in full: the files of r2 were not read'));
  }, 180_000);
});
