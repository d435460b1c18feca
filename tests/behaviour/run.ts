import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ReleaseFacts } from '@breakwater/model';
import { APPLICATIONS } from './applications/applications.ts';
import { KEPT, RECORDINGS } from './places.ts';
import { packTrace } from './trace/pack-trace.ts';
import { readTrace, type Trace } from './trace/read-trace.ts';
import { releasesToTell, withAllReleases } from './trace/releases-told.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    hours: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    scale: { type: 'string', default: '1' },
    pack: { type: 'string' },
    alerts: { type: 'boolean', default: false },
  },
});

if (values.hours !== undefined) await recordHours(Number(values.hours));
else if (values.pack !== undefined) pack(values.pack);
else await judge();

async function recordHours(hours: number): Promise<void> {
  const { record } = await import('./record/record.ts');
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  const path = await record({ hours, seed, only: values.only, scale: Number(values.scale) });
  process.stdout.write(`${path}\n`);
  process.exit(0);
}

/** Puts a recording among those that are kept, with the facts of releases that none of them tells. */
function pack(path: string): void {
  mkdirSync(RECORDINGS, { recursive: true });
  const to = join(RECORDINGS, `${basename(path, '.jsonl')}.br`);
  const others = keptRecordings().filter((kept) => kept !== to);
  const traces = others.map(readTrace);
  const { started } = readTrace(path);
  // Of a tag without facts of its own, the first recording under it says what it was.
  if (traces.some((other) => other.started > started)) throw new Error('a newer recording is kept already');
  packTrace(path, to, releasesToTell(factsThatAreKept(), traces));
  process.stdout.write(`${to}\n`);
}

function keptRecordings(): string[] {
  return existsSync(RECORDINGS) ? readdirSync(RECORDINGS).map((name) => join(RECORDINGS, name)) : [];
}

/** Facts of releases that were read; without them nothing is explained by a release. */
function factsThatAreKept(): Trace['releases'] {
  return APPLICATIONS.flatMap(({ name: workload, releases }) =>
    releases.flatMap(({ tag }) => {
      const path = join(KEPT, 'facts', `${workload}-${tag}.json`);
      if (!existsSync(path)) return [];
      return [{ workload, tag, facts: ReleaseFacts.parse(JSON.parse(readFileSync(path, 'utf8'))) }];
    }),
  );
}

/** Replays the recordings that are named, or those that are kept, and prints the table. */
async function judge(): Promise<void> {
  const [{ BUDGET_HOURS, judgeRecordings }, { tableOf }] = await Promise.all([
    import('./judge/judge-recordings.ts'),
    import('./judge/table.ts'),
  ]);
  const paths = positionals.length > 0 ? positionals : keptRecordings();
  const kept = keptRecordings().map(readTrace);
  const judged = await judgeRecordings(paths.map((path) => withFacts(path, kept)));
  process.stdout.write(`${tableOf(judged, BUDGET_HOURS)}\n`);
  if (!values.alerts) return;
  for (const { watcher, falseAlerts } of judged.verdict.outcomes.slice(0, 1))
    for (const { replica, time, text, isSure } of falseAlerts)
      process.stdout.write(
        `${watcher.name}: ${new Date(time).toISOString()} ${replica.workload} ${replica.tag} ${replica.pod}${isSure ? ' sure' : ''}: ${text}\n`,
      );
}

/** Of a recording that is not packed the facts lie beside it, and of one that is in those before it as well. */
function withFacts(path: string, kept: readonly Trace[]): Trace {
  const trace = readTrace(path);
  return path.endsWith('.br') ? withAllReleases(trace, kept) : { ...trace, releases: factsThatAreKept() };
}
