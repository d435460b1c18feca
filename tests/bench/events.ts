import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvidenceCollector } from '@breakwater/engine/evidence';
import { readEventBatches } from '@breakwater/sources/events';
import { startPostgresql, whyNoPostgresql } from '../../packages/store/src/testing/postgresql-server.ts';
import { measureEverything } from './events/everything.ts';
import { measureIngest, measureProfile } from './events/ingest.ts';
import { tetragonLine } from './events/tetragon-line.ts';
import type { BenchResult, BenchRow } from './result.ts';

const EVENTS = 200_000;
const PIECE = 2_000;
const ROUNDS = 3;

/**
 * Events per CPU second from Tetragon's JSON lines to `RuntimeEvent`s, through ingest as a server takes them (key, pace,
 * unpacking, parsing, folding and a transaction a batch), and through all that it does, with rules, incidents and learning.
 * At 1x, 4x and 16x the input.
 */
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
      for (const packed of [false, true]) {
        const what = `ingest ${events}${packed ? ', packed' : ''}`;
        result.rows.push({ what, value: await measureIngest(folder, events, packed, ROUNDS), unit, budget });
      }
    }
    for (const events of [EVENTS / 4, EVENTS, EVENTS * 4]) result.rows.push(...(await everything(folder, events)));
    const missing = whyNoPostgresql();
    if (missing !== undefined) result.inputs.push(`not on PostgreSQL: ${missing}`);
    else result.rows.push(...(await everythingOnPostgresql(folder)));
    const { known, fresh } = measureProfile();
    result.rows.push({ what: 'profile, known behaviour', value: known, unit: 'us', budget: '< 1' });
    result.rows.push({ what: 'profile, new behaviour', value: fresh, unit: 'us', budget: '< 20' });
    result.rows.push({ what: 'peak memory', value: Math.round(process.resourceUsage().maxRSS / 1024), unit: 'MiB' });
    return result;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The best of some rounds, and beside it what those lines cost that are parsed as JSON and no more. */
async function everything(folder: string, events: number, databaseUrl?: string): Promise<BenchRow[]> {
  let best = { events: 0, bare: 0, memory: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const measured = await measureEverything({ folder, events, lineAt: tetragonLine, databaseUrl });
    if (measured.events > best.events) best = measured;
  }
  const what = `everything on, ${events}${databaseUrl === undefined ? '' : ', PostgreSQL'}`;
  const bare = Math.round(best.bare).toLocaleString('en-US');
  return [
    { what, value: Math.round(best.events), unit: 'events/CPU s', budget: '> 150,000', peer: `only parsed: ${bare}` },
    { what: '  memory', value: Math.round(best.memory), unit: 'MiB' },
  ];
}

async function everythingOnPostgresql(folder: string): Promise<BenchRow[]> {
  const server = startPostgresql();
  try {
    return await everything(folder, EVENTS, server.databaseUrl);
  } finally {
    server.stop();
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
    await file.write(Array.from({ length }, (_, index) => `${tetragonLine(start + index)}\n`).join(''));
  }
  await file.close();
}
