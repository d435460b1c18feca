import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkInput } from './check-input.ts';
import type { Seed } from './target.ts';
import { targets } from './targets.ts';
import { watchWorker } from './watch-worker.ts';

const DEFAULT_RUNS = 10_000;
const HOUR = 3_600_000;
/** Faults may quote the input. */
const WIDEST = 300;
const USAGE = `usage: npm run fuzz -- NAME... [--hours N | --runs N] [--seed N] [--corpus FOLDER]
       npm run fuzz -- NAME --input FILE --label LABEL
NAME is a target, the beginning of one, or "all":
  ${targets.map(({ name }) => name).join(' ')}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    hours: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string' },
    corpus: { type: 'string' },
    input: { type: 'string' },
    label: { type: 'string' },
  },
});
const chosen = targets.filter(({ name }) => positionals.some((word) => word === 'all' || name.startsWith(word)));
if (chosen.length === 0) {
  console.error(USAGE);
  process.exit(2);
}
process.exitCode = values.input === undefined ? await fuzzAll() : await repeat(values.input, values.label ?? '');

/** Fuzzes the targets one after the other, each for its share of the time; 1 where a promise was broken. */
async function fuzzAll(): Promise<number> {
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const share = values.hours === undefined ? undefined : (Number(values.hours) * HOUR) / chosen.length;
  const runs = Number(values.runs ?? (share === undefined ? DEFAULT_RUNS : Number.MAX_SAFE_INTEGER));
  let broken = 0;
  for (const { name } of chosen) {
    const start = Date.now();
    const until = share === undefined ? Number.MAX_SAFE_INTEGER : start + share;
    const corpus = values.corpus === undefined ? {} : { corpus: values.corpus };
    const answer = await watchWorker({ target: name, seed, runs, until, ...corpus });
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    console.log(`${name}: ${answer.runs} inputs in ${seconds} s, seed ${seed}${answer.failure ? ', BROKEN' : ''}`);
    if (answer.failure === undefined) continue;
    broken += 1;
    report(name, answer.failure.broken, answer.failure.input);
  }
  return broken === 0 ? 0 : 1;
}

function report(name: string, broken: string, { label, bytes }: Seed): void {
  const folder = join(process.env['BREAKWATER_STATE'] ?? tmpdir(), 'breakwater-fuzz');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`);
  writeFileSync(file, bytes);
  for (const line of broken.split('\n').slice(0, 6)) console.log(`  ${line.slice(0, WIDEST)}`);
  console.log(`  ${bytes.length} bytes in ${file}`);
  console.log(`  npm run fuzz -- ${name} --input ${file} --label ${JSON.stringify(label)}`);
}

/** Parses one file as a target does. */
async function repeat(file: string, label: string): Promise<number> {
  const broken = await checkInput(chosen[0]!, { label, bytes: readFileSync(file) });
  console.log(broken ?? `${chosen[0]!.name} keeps its promises`);
  return broken === undefined ? 0 : 1;
}
