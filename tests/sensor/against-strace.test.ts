import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RuntimeEvent } from '@breakwater/model';
import { Sensor } from '@breakwater/sensor/sensor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inContainers, NO_SENSOR, SampleImage } from './sample-container.ts';
import { type Deed, readStrace } from './strace-record.ts';

const NO_STRACE = spawnSync('strace', ['--version']).status === 0 ? '' : ' (left out: no strace)';
const TURNS = 1000;
const CONTAINER = 'bw-strace';
/** Waits to be traced, then does each thing a thousand times, each in a way that leaves its number behind. */
const SCRIPT = `
while [ ! -e /tmp/go ]; do :; done
i=0
while [ $i -lt ${TURNS} ]; do
  /app/busybox-program true $i
  read line < /etc/passwd
  echo $i > /tmp/file-$((i % 10))
  i=$((i+1))
done
i=0
while [ $i -lt ${TURNS} ]; do nc 127.0.0.1 $((1000 + i)); i=$((i+1)); done
touch /tmp/done
kill -STOP $$
`;

describe.skipIf(NO_SENSOR !== '' || NO_STRACE !== '')(
  inContainers(`what a sensor tells, beside strace${NO_STRACE}`),
  () => {
    let image: SampleImage;
    const folder = mkdtempSync(join(tmpdir(), 'against-strace-'));

    beforeAll(() => {
      image = new SampleImage('breakwater-strace-test');
    });
    afterAll(() => {
      image?.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    it(`agrees on ${TURNS} programs, opened files and connections one by one: none missing, none invented`, async () => {
      const pid = image.start(CONTAINER, SCRIPT);
      const root = mergedFolderOf(CONTAINER);
      const events: RuntimeEvent[] = [];
      const sensor = await Sensor.open({
        chooses: ({ container }) => container?.name === CONTAINER,
        isKnown: () => false,
        take: (event) => events.push(event),
      });
      const record = join(folder, 'strace.txt');
      const args = ['-f', '-y', '-s', '200', '-e', 'trace=execve,open,openat,connect', '-o', record, '-p', String(pid)];
      const strace = spawn('strace', args, { stdio: 'ignore' });
      await until(() => /^TracerPid:\s+[1-9]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
      events.length = 0;
      writeFileSync(`/proc/${pid}/root/tmp/go`, '');
      await until(() => existsSync(`/proc/${pid}/root/tmp/done`));
      await pause(200);
      const told = [...events];
      strace.kill('SIGTERM');
      await once(strace, 'exit');
      await sensor.close();

      const theirs = counted(readStrace(readFileSync(record, 'utf8'), root).filter(isOfTheScript));
      const ours = counted(told.flatMap(deedOf).filter(isOfTheScript));
      expect(told.filter(({ type }) => type === 'loss')).toEqual([]);
      const count = (kind: string): number =>
        [...theirs].reduce((sum, [deed, n]) => sum + (deed.includes(` ${kind} `) ? n : 0), 0);
      expect([count('exec'), count('open'), count('connect')].every((n) => n >= TURNS)).toBe(true);
      expect(difference(theirs, ours)).toEqual([]);
      expect(difference(ours, theirs)).toEqual([]);
    }, 300_000);
  },
);

/** Where the container's root folder lies, as the host names it: strace shows descriptors so. */
function mergedFolderOf(container: string): string {
  const format = '{{.GraphDriver.Data.MergedDir}}';
  return spawnSync('podman', ['inspect', '-f', format, container], { encoding: 'utf8' }).stdout.trim();
}

/** Both begin and end at other moments: the waiting and what comes after is left out. */
const isOfTheScript = (deed: Deed): boolean => !/ exec \S*\/sleep$| \/tmp\/(?:go|done) /.test(deed);

function deedOf({ type, process, file, peer, failure }: RuntimeEvent): Deed[] {
  const pid = process?.pid;
  if (type === 'exec') return [`${pid} exec ${process?.path}`];
  if (type === 'open') return [`${pid} open ${file?.path} ${file?.access === 'read' ? 'read' : 'write'}`];
  if (type === 'connect' && peer !== undefined) return [`${pid} connect ${peer.address}:${peer.port} ${failure ?? ''}`];
  return [];
}

function counted(deeds: readonly Deed[]): Map<Deed, number> {
  const counts = new Map<Deed, number>();
  for (const deed of deeds) counts.set(deed, (counts.get(deed) ?? 0) + 1);
  return counts;
}

const difference = (a: ReadonlyMap<Deed, number>, b: ReadonlyMap<Deed, number>): string[] =>
  [...a].flatMap(([deed, n]) => (n > (b.get(deed) ?? 0) ? [`${deed} x${n - (b.get(deed) ?? 0)}`] : [])).slice(0, 20);

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 240_000; Date.now() < end; await pause(50)) if (holds()) return;
  throw new Error('it took too long');
}
