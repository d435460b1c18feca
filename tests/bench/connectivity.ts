import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workloadsOf } from '@breakwater/engine/inventory';
import { Connectivity, type EndGroup, membersOf } from '@breakwater/engine/network/connectivity';
import type { ManifestObject } from '@breakwater/model';
import { readManifestText } from '@breakwater/sources/manifests';
import type { BenchResult } from './result.ts';

const GENERATOR = join(import.meta.dirname, '../../../shared/bench/gen-estate.mjs');
const SIZES = [1_000, 2_500, 10_000];
const ROUNDS = 3;

/** Seconds of CPU for who can talk to whom, all pairs, by number of workloads; half as many policies. */
export async function run(): Promise<BenchResult> {
  const result: BenchResult = { name: 'connectivity', inputs: [], rows: [] };
  if (!existsSync(GENERATOR)) {
    result.inputs.push('nothing measured: ../shared/bench is not there');
    return result;
  }
  let perWorkload: number | undefined;
  for (const size of SIZES) {
    const { objects, seconds: reading } = readEstate(size);
    const { workloads } = workloadsOf(objects);
    let best = Infinity;
    let found = { rows: 0, pairs: 0, classes: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const before = cpu();
      found = analyse(objects, workloads);
      best = Math.min(best, cpu() - before);
    }
    perWorkload ??= best / size;
    const { pairs, classes } = found;
    result.inputs.push(`${size} workloads, ${size / 2} policies: ${classes} ends, ${pairs} connected pairs`);
    result.rows.push(
      {
        what: `${size} workloads: all pairs`,
        value: best,
        unit: 's CPU',
        ...(size === 1_000 && { budget: '< 0.3', peer: 'netpol-analyzer: not in 600 s' }),
      },
      {
        what: `${size} workloads: a workload, against 1,000`,
        value: best / size / perWorkload,
        unit: 'times',
        budget: 'near 1',
      },
      { what: `${size} workloads: manifests read and parsed`, value: reading, unit: 's CPU' },
    );
  }
  result.rows.push({
    what: 'memory of the process at most',
    value: process.resourceUsage().maxRSS / 1024,
    unit: 'MiB',
    budget: '< 1024',
  });
  return result;
}

function analyse(
  objects: readonly ManifestObject[],
  workloads: ReturnType<typeof workloadsOf>['workloads'],
): { rows: number; pairs: number; classes: number } {
  const reach = new Connectivity('default', objects, workloads);
  const weigh = ({ ends }: EndGroup): number => ends.reduce((sum, end) => sum + reach.workloadsOf(end).length, 0);
  const [from, to] = [reach.groups.sources.map(weigh), reach.groups.destinations.map(weigh)];
  let [rows, pairs] = [0, 0];
  for (const { destination, sources } of reach.groupRows()) {
    rows++;
    const weight = membersOf(sources).reduce((sum, group) => sum + from[group]!, 0);
    pairs += weight * to[destination]!;
  }
  return { rows, pairs, classes: reach.endpoints.length };
}

function readEstate(size: number): { objects: ManifestObject[]; seconds: number } {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-connectivity-'));
  try {
    execFileSync(process.execPath, [GENERATOR, join(folder, 'estate'), String(size)]);
    const before = cpu();
    const objects = readdirSync(join(folder, 'estate')).flatMap((file) => {
      const text = readFileSync(join(folder, 'estate', file), 'utf8');
      return readManifestText({ source: file, text, inChart: false }).objects;
    });
    return { objects, seconds: cpu() - before };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds of CPU that this process has used. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
