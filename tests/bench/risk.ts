import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { impactsOf, simulate, whatIf } from '../../packages/engine/src/risk/simulation/index.ts';
import { best, measureCommand } from './measure-command.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { sampleGraph } from './risk-graph.ts';

const WORLDS = 20_000;
const GENERATOR = join(import.meta.dirname, '../../../shared/bench/gen-estate.mjs');
const COMMAND = join(import.meta.dirname, '../../packages/cli/bin/breakwater');
/** Workloads of the estates that the whole command ranks. */
const SIZES = [1_000, 10_000];

interface Timed<T> {
  value: T;
  /** User and system time of this process, in seconds. */
  seconds: number;
}

function timed<T>(work: () => T): Timed<T> {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return { value, seconds: (user + system) / 1e6 };
}

/** Simulation, impact and one changed workload on an estate of so many workloads, ten edges each. */
function measure(workloads: number, budget: boolean): BenchResult['rows'] {
  const graph = sampleGraph(workloads);
  const size = `${workloads} workloads, ${graph.edges.length} edges`;
  const simulation = timed(() => simulate(graph, { worlds: WORLDS }));
  const ids = graph.nodes.filter((node) => node.kind === 'workload').map((node) => node.id);
  const impact = timed(() => impactsOf(simulation.value, ids));
  const removed = graph.edges.filter((edge) => edge.from === ids[0] || edge.to === ids[0]).map((edge) => edge.id);
  const changed = timed(() => whatIf(simulation.value, { removed, added: [], values: new Map() }));
  const limit = (text: string) => (budget ? { budget: text } : {});
  return [
    { what: `P from ${WORLDS} worlds, ${size}`, value: simulation.seconds, unit: 's CPU', ...limit('< 3 s') },
    { what: `impact of all workloads, ${size}`, value: impact.seconds, unit: 's CPU', ...limit('< 7 s') },
    { what: `one changed workload, ${size}`, value: changed.seconds * 1000, unit: 'ms CPU', ...limit('< 50 ms') },
  ];
}

/** `breakwater rank` on generated estates, a network policy to two workloads: CPU and memory of the whole command. */
async function measureRank(runs: number): Promise<BenchResult['rows']> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-risk-'));
  const env = { ...process.env, BREAKWATER_STATE: join(folder, 'state') };
  const rows: BenchResult['rows'] = [];
  try {
    for (const size of SIZES) {
      const estate = join(folder, `estate-${size}`);
      execFileSync(process.execPath, [GENERATOR, estate, String(size)]);
      const { cpu, peak } = await best(runs, () => measureCommand(COMMAND, ['rank', estate, '--quiet'], env));
      rows.push({ what: `rank ${size} workloads: CPU`, value: cpu, unit: 's' });
      rows.push({ what: `rank ${size} workloads: peak PSS of the process tree`, value: peak, unit: 'MiB' });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

/** Risk: what `performance.md` asks of 10,000 workloads and 100,000 edges, how it grows up to there, and the command. */
export async function run({ runs }: BenchOptions): Promise<BenchResult> {
  measure(500, false);
  const rows = [measure(625, false), measure(2_500, false), measure(10_000, true)].flat();
  const inputs = [
    'attack graphs made here: namespaces as hubs, exploits, tokens, escapes, one workload in ten exposed',
  ];
  if (existsSync(GENERATOR)) rows.push(...(await measureRank(runs)));
  else inputs.push('the whole command was not measured: ../shared/bench is not there');
  return { name: 'risk', inputs, rows };
}
