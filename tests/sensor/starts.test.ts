import { execFile, spawn } from 'node:child_process';
import type { RuntimeEvent } from '@breakwater/model';
import { Sensor } from '@breakwater/sensor/sensor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inContainers, NO_SENSOR, SampleImage } from './sample-container.ts';

/** Containers that are started; a race of one in a hundred shows in hundreds: BREAKWATER_STARTS=200. */
const STARTS = Number(process.env['BREAKWATER_STARTS'] ?? 12);
/** So many of them at once, on a machine that has as much else to do. */
const AT_ONCE = 4;
const TURNS = 2;
const PATIENCE = 300_000 + 30_000 * STARTS;
/** What the runtime has, and a container that was given nothing has not. */
const OF_RUNTIME = ['CAP_SYS_ADMIN', 'CAP_SYS_MODULE', 'CAP_NET_ADMIN', 'CAP_SYS_PTRACE'];

describe.skipIf(NO_SENSOR !== '')(inContainers('containers that start under load, while others enter them'), () => {
  const names = Array.from({ length: STARTS }, (_, number) => `bw-start-${number}`);
  let image: SampleImage;
  const loads = [0, 1].map(() => spawn('sh', ['-c', 'while :; do /bin/true; done'], { stdio: 'ignore' }));

  beforeAll(() => {
    image = new SampleImage('breakwater-starts-test');
  });
  afterAll(async () => {
    for (const load of loads) load.kill('SIGKILL');
    await podman('rm', '--force', '--ignore', '--time=0', ...names);
    image?.remove();
  });

  const podman = (...words: string[]): Promise<void> =>
    new Promise((resolve) =>
      execFile('podman', ['--runtime=runc', '--cgroup-manager=cgroupfs', ...words], () => resolve()),
    );

  /** Little of the processor is theirs: a runtime that prepares one is held up in the midst of it. */
  async function live(name: string): Promise<void> {
    const script = 'for i in 1 2 3 4 5 6 7 8; do /app/busybox-program true; cat /etc/passwd; sleep 0.1; done; sleep 60';
    const options = ['--network=none', '--cpu-shares=64', '--ulimit=nofile=1024:4096', '--ulimit=nproc=1024:1024'];
    await podman('run', '--detach', `--name=${name}`, ...options, image.name, '/bin/sh', '-c', script);
    const enter = (): Promise<void> =>
      podman('exec', name, '/bin/sh', '-c', 'cat /etc/passwd; /app/busybox-program id');
    for (let turn = 0; turn < TURNS; turn++) {
      await Promise.all([enter(), enter()]);
      if (turn < TURNS - 1) await podman('restart', '--time=0', name);
    }
    await podman('rm', '--force', '--time=0', name);
  }

  it(
    'nothing that their runtimes do is told as theirs, and what is of the image is told as of the image',
    async () => {
      const events: RuntimeEvent[] = [];
      const sensor = await Sensor.open({
        chooses: ({ container }) => names.includes(container?.name ?? ''),
        isKnown: () => false,
        take: (event) => {
          if (event.process !== undefined) events.push(event);
        },
      });
      const waiting = [...names];
      const work = async (): Promise<void> => {
        for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) await live(name);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      await sensor.close();

      expect(events.filter(isImpossible).slice(0, 3)).toEqual([]);
      // Each start and each entry is there: two programs at least of one, three of the other.
      const begun = Map.groupBy(
        events.filter(({ type, process }) => type === 'exec' && process?.inImage === true),
        ({ container }) => container?.name,
      );
      expect(names.filter((name) => (begun.get(name)?.length ?? 0) < TURNS * 2)).toEqual([]);
    },
    PATIENCE,
  );
});

/** All that these containers have is of their image, and run by nobody with more than they were given. */
function isImpossible({ process, parent }: RuntimeEvent): boolean {
  const isOfImage = (path: string | undefined): boolean => path === '/bin/busybox' || path === '/app/busybox-program';
  if (!isOfImage(process?.path) || process?.inImage !== true || process.fileless === true) return true;
  if (parent !== undefined && (!isOfImage(parent.path) || parent.inImage !== true)) return true;
  return OF_RUNTIME.some((name) => process.capabilities?.includes(name) === true);
}
