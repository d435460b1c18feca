import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvidenceCollector } from '@breakwater/engine/evidence';
import { readEventBatches } from '@breakwater/sources/events';
import type { BenchResult } from './result.ts';

const EVENTS = 200_000;
const PIECE = 2_000;
const ROUNDS = 3;

/** Events per CPU second from a file of Tetragon's JSON lines to `RuntimeEvent`s, at 1x, 4x and 16x the input. */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-bench-'));
  const result: BenchResult = { name: 'events', inputs: [], rows: [] };
  try {
    for (const events of [EVENTS / 16, EVENTS / 4, EVENTS]) {
      const path = join(folder, `${events}.jsonl`);
      await writeEvents(path, events);
      const { size } = await stat(path);
      result.inputs.push(`${events} Tetragon events, ${Math.round(size / events)} bytes each`);
      const budget = '> 150,000';
      const unit = 'events/CPU s';
      result.rows.push({ what: `read and parse ${events}`, value: await best(path, events, false), unit, budget });
      result.rows.push({ what: `and fold into evidence`, value: await best(path, events, true), unit, budget });
    }
    result.rows.push({ what: 'peak memory', value: Math.round(process.resourceUsage().maxRSS / 1024), unit: 'MiB' });
    return result;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function best(path: string, events: number, fold: boolean): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rates.push(await measure(path, events, fold));
  return Math.round(Math.max(...rates));
}

/** Events per second of CPU, user and system. */
async function measure(path: string, expected: number, fold: boolean): Promise<number> {
  const collector = createEvidenceCollector();
  const before = process.cpuUsage();
  let count = 0;
  for await (const batch of readEventBatches(path)) {
    for (const { event } of batch) {
      if (!event) continue;
      count += 1;
      if (fold) collector.add(event);
    }
  }
  const { user, system } = process.cpuUsage(before);
  if (count !== expected) throw new Error(`${count} events read of ${expected}`);
  if (fold && collector.observations().length !== 1) throw new Error('the events are of one image');
  return (count * 1e6) / (user + system);
}

async function writeEvents(path: string, events: number): Promise<void> {
  const file = await open(path, 'w');
  for (let start = 0; start < events; start += PIECE) {
    const length = Math.min(PIECE, events - start);
    await file.write(Array.from({ length }, (_, index) => `${line(start + index)}\n`).join(''));
  }
  await file.close();
}

/** An event as Tetragon 1.x writes it: about 950 bytes, three kinds in turn. */
function line(index: number): string {
  const container = {
    id: `containerd://${'551e161c47d8ff0eb665438a7bcd5b4e3ef5a297282b40a92b7c77d6bd168e'}${index % 90}`,
    name: 'spaceship',
    image: {
      id: `docker.io/example/shop@sha256:${'8e86fee711904a0'.padEnd(64, '0')}`,
      name: 'docker.io/example/shop:1',
    },
    pid: index % 100_000,
  };
  const pod = {
    namespace: 'shop',
    name: `cart-7d9f8c6b5-x${index % 50}`,
    container,
    workload: 'cart',
    workload_kind: 'Deployment',
  };
  const process = {
    exec_id: `Z2tlLWpvaG4tNjMyLWRlZmF1bHQ${index}`,
    pid: index % 65_536,
    uid: 1000,
    cwd: '/srv/',
    binary: `/usr/bin/tool-${index % 40}`,
    arguments: `--serve --port ${index % 9_000}`,
    flags: 'execve clone',
    start_time: '2026-11-20T10:00:00.123456789Z',
    pod,
  };
  const parent = { exec_id: 'Z2tlLWpvaG4', pid: 1, uid: 0, cwd: '/', binary: '/sbin/init', flags: 'procFS' };
  const kind = ['process_exec', 'process_exit', 'process_kprobe'][index % 3] ?? 'process_exec';
  const call = {
    function_name: 'security_file_permission',
    args: [{ file_arg: { path: `/usr/lib/libshop.so.${index % 30}` } }, { int_arg: 4 }],
  };
  const event = { process, parent, ...(kind === 'process_kprobe' && call) };
  return JSON.stringify({ [kind]: event, node_name: 'node-1', time: '2026-11-20T10:00:00.507123456Z' });
}
