import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateBigImage } from './big-image.ts';
import { type Cost, measureCommand } from './measure-command.ts';
import type { BenchOptions, BenchResult } from './result.ts';

const command = join(import.meta.dirname, '../../packages/cli/bin/breakwater');

/** A form of the image, and how much of another program's time may be taken: a sixth, a third. */
interface Form {
  what: string;
  path: string;
  share: number;
}

/**
 * `sbom` of a real image of about 3 GB that `big-image.ts` made, as docker-archive and as OCI layout with gzip layers;
 * cold and with layers kept. Another program runs in turn with it where `--beside "COMMAND {}"` names one.
 */
export async function run({ beside, runs }: BenchOptions): Promise<BenchResult> {
  const { archive, layout } = locateBigImage();
  const forms: Form[] = [
    { what: 'docker-archive', path: archive, share: 6 },
    { what: 'OCI, gzip layers', path: layout, share: 3 },
  ];
  const result: BenchResult = { name: 'scan-big', inputs: [], rows: [] };
  const missing = forms.filter(({ path }) => !existsSync(path));
  if (missing.length > 0) {
    result.inputs.push(
      'left out: the image is not there; "node tests/bench/big-image.ts" makes it in a quarter of an hour',
    );
    return result;
  }
  result.inputs.push(
    `${archive} and ${layout}; the best of ${runs} runs each${beside === undefined ? '' : `, in turn with: ${beside}`}`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'bench-scan-big-'));
  try {
    for (const form of forms) result.rows.push(...(await measureForm(form, folder, runs, beside)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return result;
}

async function measureForm(
  form: Form,
  folder: string,
  runs: number,
  beside: string | undefined,
): Promise<BenchResult['rows']> {
  const { what, path, share } = form;
  const env = { ...process.env, BREAKWATER_STATE: join(folder, 'state') };
  const ours: Cost[] = [];
  const kept: Cost[] = [];
  const theirs: Cost[] = [];
  for (let index = 0; index < runs; index++) {
    rmSync(join(folder, 'state', 'layers'), { recursive: true, force: true });
    ours.push(await measured(measureCommand(command, ['sbom', path], env), what));
    kept.push(await measured(measureCommand(command, ['sbom', path], env), what));
    if (beside !== undefined)
      theirs.push(await measured(measureCommand('/bin/sh', ['-c', fill(beside, path)]), beside));
  }
  const cold = leastOf(ours);
  const again = leastOf(kept);
  const other = theirs.length > 0 ? leastOf(theirs) : undefined;
  const peer = (value: number | undefined, unit: string) =>
    value === undefined ? {} : { peer: `${value.toFixed(1)} ${unit}` };
  return [
    { what: `${what}: CPU`, value: cold.cpu, unit: 's', ...peer(other?.cpu, 's') },
    { what: `${what}: wall`, value: cold.wall, unit: 's', ...peer(other?.wall, 's') },
    {
      what: `${what}: peak PSS of the process tree`,
      value: cold.peak,
      unit: 'MiB',
      budget: '< 300 MiB',
      ...peer(other?.peak, 'MiB'),
    },
    ...(other === undefined
      ? []
      : [
          {
            what: `${what}: CPU of the other by ours`,
            value: other.cpu / cold.cpu,
            unit: 'times',
            budget: `>= ${share}`,
          },
          {
            what: `${what}: wall of the other by ours`,
            value: other.wall / cold.wall,
            unit: 'times',
            budget: `>= ${share}`,
          },
        ]),
    { what: `${what}: wall, layers kept`, value: again.wall, unit: 's', budget: '< 0.5 s' },
    { what: `${what}: CPU, layers kept`, value: again.cpu, unit: 's' },
  ];
}

/** The command with the path, quoted for the shell, wherever it says `{}`. */
function fill(beside: string, path: string): string {
  return beside.replaceAll('{}', () => `'${path.replaceAll("'", `'\\''`)}'`);
}

async function measured(run: Promise<Cost>, what: string): Promise<Cost> {
  const cost = await run;
  if (cost.exitCode !== 0) throw new Error(`exit code ${cost.exitCode}: ${what}`);
  return cost;
}

/** The least of each figure but memory, of which the most counts: noise only adds. */
function leastOf(costs: Cost[]): Cost {
  return {
    wall: Math.min(...costs.map(({ wall }) => wall)),
    cpu: Math.min(...costs.map(({ cpu }) => cpu)),
    peak: Math.max(...costs.map(({ peak }) => peak)),
    exitCode: 0,
  };
}
