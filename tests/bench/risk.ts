import { impactsOf, simulate, whatIf } from '../../packages/engine/src/risk/simulation/index.ts';
import type { BenchResult } from './result.ts';
import { sampleGraph } from './risk-graph.ts';

const WORLDS = 20_000;

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

/** Risk: what `performance.md` asks of 10,000 workloads and 100,000 edges, and how it grows up to there. */
export async function run(): Promise<BenchResult> {
  measure(500, false);
  return {
    name: 'risk',
    inputs: ['attack graphs made here: namespaces as hubs, exploits, tokens, escapes, one workload in ten exposed'],
    rows: [measure(625, false), measure(2_500, false), measure(10_000, true)].flat(),
  };
}
