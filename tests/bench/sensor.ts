import { execFileSync } from 'node:child_process';
import { Sensor } from '@breakwater/sensor/sensor';
import { NO_SENSOR, SampleImage } from '../sensor/sample-container.ts';
import type { BenchOptions, BenchResult } from './result.ts';

/** A storm: what it is made of, how it is started, and how many system calls of the kind it makes. */
interface Storm {
  what: string;
  script: string;
  calls: number;
  budget: string;
}

const CALLS = 1_000_000;
const OPENS = 200_000;
const PROGRAMS = 2_000;
const CONNECTIONS = 2_000;
const loop = (count: number, body: string): string => `i=0; while [ $i -lt ${count} ]; do ${body}; i=$((i+1)); done`;
const PLAIN = `dd if=/dev/zero of=/dev/null bs=1 count=${CALLS / 2} 2>/dev/null`;

const STORMS: readonly Storm[] = [
  { what: 'call that is not looked at', script: PLAIN, calls: CALLS, budget: '< 150' },
  { what: 'opened file, known', script: loop(OPENS, 'read x < /etc/passwd'), calls: OPENS, budget: '< 150' },
  { what: 'program', script: loop(PROGRAMS, '/app/busybox-program true'), calls: PROGRAMS, budget: '' },
  { what: 'connection', script: loop(CONNECTIONS, 'nc 127.0.0.1 9 2>/dev/null'), calls: CONNECTIONS, budget: '' },
];

/**
 * What the sensor adds to calls of a watched container, and to calls of the host, which it does not watch: the best of
 * several rounds with and without it, in turn. The storm itself measures its time, so that starting a container does not
 * count.
 */
export async function run({ runs }: BenchOptions): Promise<BenchResult> {
  const result: BenchResult = { name: 'sensor', inputs: [], rows: [] };
  if (NO_SENSOR !== '') {
    result.inputs.push(`left out: ${NO_SENSOR}`);
    return result;
  }
  const image = new SampleImage('breakwater-sensor-bench');
  result.inputs.push(`the best of ${runs} rounds with and without the sensor, in turn`);
  try {
    for (const storm of STORMS) {
      const { without, within, told, lost } = await compare(runs, (sensor) => inContainer(image, storm, sensor));
      const added = ((within - without) / storm.calls) * 1e9;
      const row = { unit: 'ns added', ...(storm.budget !== '' && { budget: storm.budget }) };
      result.rows.push({ what: `watched: ${storm.what}`, value: Math.round(added), ...row });
      result.rows.push({
        what: `watched: ${storm.what}, of`,
        value: Math.round((without / storm.calls) * 1e9),
        unit: 'ns',
      });
      result.rows.push({ what: `watched: ${storm.what}: told`, value: told, unit: 'events' });
      result.rows.push({ what: `watched: ${storm.what}: lost`, value: lost, unit: 'events', budget: '0' });
    }
    const { without, within } = await compare(runs, () => Promise.resolve(timed('sh', ['-c', PLAIN])));
    const added = Math.round(((within - without) / CALLS) * 1e9);
    result.rows.push({ what: 'host: call that is not looked at', value: added, unit: 'ns added', budget: '< 70' });
    result.rows.push({
      what: 'resident memory with the sensor',
      value: Math.round(process.memoryUsage.rss() / 2 ** 20),
      unit: 'MiB',
      budget: '< 100',
    });
  } finally {
    image.remove();
  }
  return result;
}

interface Told {
  told: number;
  lost: number;
}

/** Seconds of the best rounds, and what was told in the last. */
async function compare(
  rounds: number,
  storm: (isWatched: boolean) => Promise<number>,
): Promise<{ without: number; within: number } & Told> {
  let without = Number.POSITIVE_INFINITY;
  let within = Number.POSITIVE_INFINITY;
  let count: Told = { told: 0, lost: 0 };
  for (let round = 0; round < rounds; round++) {
    without = Math.min(without, await storm(false));
    count = { told: 0, lost: 0 };
    const sensor = await Sensor.open({
      chooses: ({ container }) => container?.name === CONTAINER,
      take: (event) => {
        count.told++;
        count.lost += event.lost ?? 0;
      },
    });
    within = Math.min(within, await storm(true));
    await sensor.close();
  }
  return { without, within, ...count };
}

const CONTAINER = 'breakwater-storm';

/** Seconds by the container's own clock; the sensor is given a moment to know the container. */
async function inContainer(image: SampleImage, { script }: Storm, isWatched: boolean): Promise<number> {
  const now = "cut -d' ' -f1 /proc/uptime";
  const name = isWatched ? CONTAINER : `${CONTAINER}-bare`;
  const output = await image.run(name, `sleep 0.5; from=$(${now}); ${script}; echo "$from $(${now})"`);
  const [from = 0, to = 0] = (output.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return to - from;
}

function timed(command: string, args: string[]): number {
  const from = performance.now();
  execFileSync(command, args);
  return (performance.now() - from) / 1000;
}
