import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { BenchOptions, BenchResult } from './result.ts';

// A benchmark is a file here that exports `run`; the rest are parts of one.
const available = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .filter((file) => /^export (?:async )?function run\(/m.test(readFileSync(join(import.meta.dirname, file), 'utf8')))
  .map((file) => file.slice(0, -'.ts'.length));

const { values, positionals: names } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  allowPositionals: true,
  options: { beside: { type: 'string' }, runs: { type: 'string', default: '3' } },
});
const options: BenchOptions = {
  runs: Number(values.runs),
  ...(values.beside !== undefined && { beside: values.beside }),
};
const unknown = names.filter((name) => !available.includes(name));
if (names.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) console.error(`there is no benchmark ${unknown.join(', ')}`);
  console.error(
    `usage: npm run bench -- NAME... [--runs N] [--beside "COMMAND {}"]\nbenchmarks: ${available.join(', ')}`,
  );
  process.exit(2);
}

const results: BenchResult[] = [];
for (const name of names) {
  const file = pathToFileURL(join(import.meta.dirname, `${name}.ts`)).href;
  const { run } = (await import(file)) as {
    run: (options: BenchOptions) => BenchResult | Promise<BenchResult>;
  };
  const result = await run(options);
  results.push(result);
  console.log(formatResult(result));
}
console.log(`JSON: ${writeResults(results)}`);

/** An aligned table: figures to the right, everything else to the left. */
function formatResult({ name, inputs, rows }: BenchResult): string {
  const cells = [
    ['what', 'value', 'unit', 'budget', 'peer'],
    ...rows.map(({ what, value, unit, budget = '', peer = '' }) => [what, formatNumber(value), unit, budget, peer]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => (column === 1 ? cell.padStart(widths[1]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
  return [name, ...inputs.map((input) => `  ${input}`), ...lines.map((line) => `  ${line}`), ''].join('\n');
}

function formatNumber(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

function writeResults(content: BenchResult[]): string {
  const folder = join(process.env['BREAKWATER_STATE'] ?? tmpdir(), 'bench');
  mkdirSync(folder, { recursive: true });
  const stamp = new Date().toISOString().replaceAll(':', '-');
  const file = join(folder, `bench-${names.join('-').slice(0, 80)}-${stamp}.json`);
  writeFileSync(file, `${JSON.stringify({ node: process.version, results: content }, null, 2)}\n`);
  return file;
}
