import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workloadsOf } from '@breakwater/engine/inventory';
import { Connectivity, type EndGroup, membersOf } from '@breakwater/engine/network/connectivity';
import type { ManifestObject } from '@breakwater/model';
import { readManifestText } from '@breakwater/sources/manifests';
import { namespacedEstate } from './namespaced-estate.ts';
import type { BenchResult } from './result.ts';

const GENERATOR = join(import.meta.dirname, '../../../shared/bench/gen-estate.mjs');
const SIZES = [1_000, 2_500, 10_000];
const ROUNDS = 3;

/**
 * Seconds of CPU for who can talk to whom, all pairs by groups, by number of workloads with half as many policies, and by
 * number of namespaces that are told apart. The exponent says how cost grows with size: 1 is in proportion, 2 is by pairs.
 */
export async function run(): Promise<BenchResult> {
  const result: BenchResult = { name: 'connectivity', inputs: [], rows: [] };
  if (existsSync(GENERATOR)) {
    measureSizes(result, SIZES, (size) => {
      const { objects, seconds } = readEstate(size);
      result.rows.push({ what: `${size} workloads: manifests read and parsed`, value: seconds, unit: 's CPU' });
      return { objects, name: `${size} workloads, ${size / 2} policies` };
    });
    Object.assign(result.rows.find(({ what }) => what.startsWith('1000 workloads, '))!, {
      budget: '< 0.3',
      peer: 'netpol-analyzer: not in 600 s',
    });
  } else result.inputs.push('workloads not measured: ../shared/bench is not there');
  measureSizes(result, SIZES, (size) => ({
    objects: namespacedEstate(size),
    name: `${size} namespaces, ${3 * size} policies`,
  }));
  result.rows.push({
    what: 'memory of the process at most',
    value: process.resourceUsage().maxRSS / 1024,
    unit: 'MiB',
    budget: '< 1024',
  });
  return result;
}

/** Adds a row for each size, and one for the growth from each to the next. */
function measureSizes(
  result: BenchResult,
  sizes: readonly number[],
  make: (size: number) => { objects: ManifestObject[]; name: string },
): void {
  let last: { size: number; best: number } | undefined;
  for (const size of sizes) {
    const { objects, name } = make(size);
    const { workloads } = workloadsOf(objects);
    let best = Infinity;
    let found = { rows: 0, pairs: 0, ends: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const before = cpu();
      found = analyse(objects, workloads);
      best = Math.min(best, cpu() - before);
    }
    result.inputs.push(`${name}: ${found.ends} ends, ${found.rows} rows, ${found.pairs} connected pairs`);
    result.rows.push({ what: `${name}: all pairs`, value: best, unit: 's CPU' });
    if (last !== undefined)
      result.rows.push({
        what: `growth from ${last.size} to ${size}`,
        value: Math.log(best / last.best) / Math.log(size / last.size),
        unit: 'exponent',
        budget: '< 1.3',
      });
    last = { size, best };
  }
}

function analyse(
  objects: readonly ManifestObject[],
  workloads: ReturnType<typeof workloadsOf>['workloads'],
): { rows: number; pairs: number; ends: number } {
  const reach = new Connectivity('default', objects, workloads);
  const weigh = ({ ends }: EndGroup): number => ends.reduce((sum, end) => sum + reach.workloadsOf(end).length, 0);
  const [from, to] = [reach.groups.sources.map(weigh), reach.groups.destinations.map(weigh)];
  let [rows, pairs] = [0, 0];
  for (const { destination, sources } of reach.groupRows()) {
    rows++;
    const weight = membersOf(sources).reduce((sum, group) => sum + from[group]!, 0);
    pairs += weight * to[destination]!;
  }
  return { rows, pairs, ends: reach.endpoints.length };
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
