import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Sensor } from '@breakwater/sensor/sensor';
import { NO_SENSOR, SampleImage } from '../sensor/sample-container.ts';
import type { BenchOptions, BenchResult, BenchRow } from './result.ts';
import { attachEmptyProgram } from './sensor/empty-program.ts';
import { hasCompiler, type Storm, Storms } from './sensor/storms.ts';

const CONTAINER = 'breakwater-storm';
const STORMS: readonly Storm[] = [
  { kind: 'call', calls: 1_000_000 },
  { kind: 'open', calls: 200_000 },
  { kind: 'create', calls: 10_000 },
  { kind: 'connect', calls: 30_000 },
  { kind: 'program', calls: 500 },
];
/** What each storm is called, and what may be added to one call. */
const NAMES: Readonly<Record<Storm['kind'], readonly [name: string, watched: string, host: string]>> = {
  call: ['call that is not looked at', '< 150', '< 70'],
  open: ['opened file, known, and its close', '< 300, two calls', '< 140, two calls'],
  create: ['new file: made, closed, removed', '', '< 210, three calls'],
  connect: ['connection, known: three calls', '< 450, three calls', '< 210, three calls'],
  program: ['program: start, run, end', '', ''],
};
/** Rounds for each that was asked for: a difference of a few per cent takes some. */
const TURNS = 4;
const SETTLE = 3000;
/** Milliseconds after which a sensor has given back what it needs no more: it looks every ten seconds. */
const CALM = 14_000;

/**
 * What the sensor adds to calls of a watched container and of the host, in processor time as the kernel counts it for
 * whoever calls: rounds with and without the sensor in turn, the medians of both. Beside it what an empty program adds where
 * calls return, which is the kernel's own, and what the sensor itself takes.
 */
export async function run({ runs }: BenchOptions): Promise<BenchResult> {
  const result: BenchResult = { name: 'sensor', inputs: [], rows: [] };
  const missing = NO_SENSOR || (hasCompiler() ? '' : 'no C compiler');
  if (missing !== '') {
    result.inputs.push(`left out: ${missing}`);
    return result;
  }
  const image = new SampleImage('breakwater-sensor-bench');
  const storms = new Storms();
  try {
    storms.start(image, CONTAINER);
    result.inputs.push(
      `medians of ${runs * TURNS} rounds with and without the sensor, in turn; nanoseconds of processor`,
    );
    result.rows.push(...(await measureCalls(storms, runs * TURNS)), ...(await measureUse(storms, runs * TURNS)));
    result.rows.push(...(await measureBuild(storms, runs * 2)));
    result.rows.push(...(await measureAgent(storms)));
  } finally {
    image.remove();
    storms.remove();
  }
  return result;
}

interface Told {
  events: number;
  lost: number;
}

async function openSensor(tellsCalls = false): Promise<{ sensor: Sensor; told: Told }> {
  const told: Told = { events: 0, lost: 0 };
  const sensor = await Sensor.open({
    tellsCalls,
    chooses: ({ container }) => container?.name === CONTAINER,
    take: (event) => {
      told.events++;
      told.lost += event.lost ?? 0;
    },
  });
  return { sensor, told };
}

/** Values of each measure, without anything, with an empty program, and with the sensor, which comes first every other round. */
async function inTurn<K extends string>(
  rounds: number,
  measure: () => Promise<Record<K, number>>,
  tellsCalls = false,
): Promise<Record<'without' | 'empty' | 'within', Record<K, number>> & { told: Told }> {
  const rows: Record<'without' | 'empty' | 'within', Record<K, number>[]> = { without: [], empty: [], within: [] };
  const told: Told = { events: 0, lost: 0 };
  const watched = async (): Promise<void> => {
    const { sensor, told: now } = await openSensor(tellsCalls);
    rows.within.push(await measure());
    await sensor.close();
    told.events += now.events;
    told.lost += now.lost;
  };
  await measure();
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 1) await watched();
    rows.without.push(await measure());
    const end = attachEmptyProgram();
    try {
      rows.empty.push(await measure());
    } finally {
      end();
    }
    if (round % 2 === 0) await watched();
  }
  return { without: medians(rows.without), empty: medians(rows.empty), within: medians(rows.within), told };
}

function medians<K extends string>(rows: readonly Record<K, number>[]): Record<K, number> {
  const [first] = rows;
  const of = (name: string): number => rows.map((row) => row[name as K]).sort((a, b) => a - b)[rows.length >> 1] ?? 0;
  return Object.fromEntries(Object.keys(first ?? {}).map((name) => [name, of(name)])) as Record<K, number>;
}

const ofEmpty = (added: number | string): string => `an empty program: ${added}`;

async function measureCalls(storms: Storms, rounds: number): Promise<BenchRow[]> {
  const { without, empty, within, told } = await inTurn(rounds, async () => {
    const costs: Record<string, number> = {};
    for (const storm of STORMS) {
      costs[`watched ${storm.kind}`] = await storms.inContainer(storm);
      costs[`host ${storm.kind}`] = storms.onHost(storm);
    }
    return costs;
  });
  const rows = STORMS.flatMap(({ kind }) =>
    (['watched', 'host'] as const).map((where, index): BenchRow => {
      const [name] = NAMES[kind];
      const budget = NAMES[kind][index + 1];
      const bare = without[`${where} ${kind}`] ?? 0;
      const added = Math.round((within[`${where} ${kind}`] ?? 0) - bare);
      const ofKernel = Math.round((empty[`${where} ${kind}`] ?? 0) - bare);
      const what = `${where}: ${name} (of ${Math.round(bare)} ns)`;
      return { what, value: added, unit: 'ns added', ...(budget && { budget }), peer: ofEmpty(ofKernel) };
    }),
  );
  const calls = rounds * STORMS.reduce((sum, storm) => sum + storm.calls, 0);
  const lost: BenchRow = { what: `watched: lost of ${calls} calls`, value: told.lost, unit: 'events', budget: '0' };
  return [...rows, { what: 'watched: told', value: told.events, unit: 'events' }, lost];
}

/** Where it is told which calls a container makes, as learning needs it: of calls that are not looked at otherwise. */
async function measureUse(storms: Storms, rounds: number): Promise<BenchRow[]> {
  const storm: Storm = { kind: 'call', calls: 1_000_000 };
  const costs = async (): Promise<Record<'watched' | 'host', number>> => ({
    watched: await storms.inContainer(storm),
    host: storms.onHost(storm),
  });
  const { without, empty, within } = await inTurn(rounds, costs, true);
  return (['watched', 'host'] as const).map((where) => ({
    what: `${where}: the same, and it is told which calls are made (of ${Math.round(without[where])} ns)`,
    value: Math.round(within[where] - without[where]),
    unit: 'ns added',
    peer: ofEmpty(Math.round(empty[where] - without[where])),
  }));
}

async function measureBuild(storms: Storms, rounds: number): Promise<BenchRow[]> {
  const { without, empty, within } = await inTurn(rounds, async () => ({ build: await storms.build() }));
  const [slower, ofKernel] = [within, empty].map(({ build }) => 100 * (build / without.build - 1)) as [number, number];
  const what = `watched: a build of C (of ${without.build.toFixed(2)} s)`;
  const unit = '% processor time added';
  return [{ what, value: slower, unit, budget: '< 3', peer: ofEmpty(ofKernel.toFixed(2)) }];
}

/** The command by itself, bundled as it is published, while the container does what it has done before. */
async function measureAgent(storms: Storms): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sensor-bundle-'));
  const bundler = new URL('../../packages/cli/bundle.mjs', import.meta.url).href;
  const build = `import { bundle } from '${bundler}'; await bundle('${folder}/dist');`;
  execFileSync(process.execPath, ['--input-type=module', '-e', build], { stdio: 'ignore' });
  cpSync(new URL('../../packages/cli/bin', import.meta.url).pathname, join(folder, 'bin'), { recursive: true });
  const words = [join(folder, 'bin/breakwater.mjs'), 'sensor', '--container', CONTAINER, '--output', 'json'];
  const agent = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'ignore'] });
  const read = (file: string): string => readFileSync(`/proc/${agent.pid}/${file}`, 'latin1');
  try {
    await pause(CALM);
    const rest = memoryOf(read);
    const storm: Storm = { kind: 'open', calls: 2_000_000 };
    await storms.inContainer({ ...storm, calls: 1000 });
    await pause(SETTLE / 3);
    const from = { at: performance.now(), cpu: secondsOfProcessor(read('stat')) };
    await storms.inContainer(storm);
    await pause(SETTLE);
    const seconds = (performance.now() - from.at) / 1000;
    const share = (100 * (secondsOfProcessor(read('stat')) - from.cpu)) / seconds;
    await storms.inContainer({ kind: 'create', calls: 60_000 });
    await pause(CALM);
    const after = memoryOf(read);
    const own = 'the sensor itself: resident memory';
    const budget = '< 95';
    return [
      { what: 'the sensor itself, while known things happen', value: share, unit: '% of a core', budget: '< 1' },
      { what: `${own}, at rest`, value: rest.resident, unit: 'MiB', budget },
      { what: `${own}, after a storm of 60,000 new files`, value: after.resident, unit: 'MiB', budget },
      { what: `${own}, without what other processes share`, value: after.proportional, unit: 'MiB' },
      { what: 'an empty program of this Node.js: resident memory', value: await emptyProgram(), unit: 'MiB' },
    ];
  } finally {
    agent.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In MiB: all that is in memory (Rss), and of what others share its part (Pss): proc_pid_smaps_rollup(5). */
function memoryOf(read: (file: string) => string): { resident: number; proportional: number } {
  const text = read('smaps_rollup');
  const [resident, proportional] = [/^Rss:\s+(\d+)/m, /^Pss:\s+(\d+)/m].map((field) => Number(field.exec(text)?.[1]));
  return { resident: (resident ?? Number.NaN) / 1024, proportional: (proportional ?? Number.NaN) / 1024 };
}

async function emptyProgram(): Promise<number> {
  const program = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
  await pause(SETTLE);
  const { resident } = memoryOf((file) => readFileSync(`/proc/${program.pid}/${file}`, 'latin1'));
  program.kill();
  return resident;
}

/** User and system time in ticks of a hundredth of a second: proc_pid_stat(5). */
function secondsOfProcessor(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
