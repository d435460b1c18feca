import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { best, type Cost, measureCommand } from './measure-command.ts';
import type { BenchResult } from './result.ts';
import { writeSampleImage } from './sample-image.ts';

const command = join(import.meta.dirname, '../../packages/cli/bin/breakwater');
const small = { layers: 4, packages: 126, filesPerPackage: 60, npm: 100, fileSize: 23_000 };
const MEBIBYTE = 1024 ** 2;
const RUNS = 3;

/** `sbom` of images made here at 1, 4 and 16 times the size, plain and gzip, and of a real Debian where mmdebstrap is installed. */
export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-scan-'));
  const env = { ...process.env, BREAKWATER_STATE: join(folder, 'state') };
  const layers = join(folder, 'state', 'layers');
  const sbom = (path: string): Promise<Cost> => measureCommand(command, ['sbom', path], env);
  // Code stays compiled from run to run; what was read of layers does not, or only the first run would be a cold one.
  const measure = (path: string): Promise<Cost> =>
    best(RUNS, () => {
      rmSync(layers, { recursive: true, force: true });
      return sbom(path);
    });
  const result: BenchResult = { name: 'scan', inputs: [], rows: [] };
  try {
    for (const factor of [1, 4, 16]) {
      for (const packed of [false, true]) {
        const path = join(folder, 'image.tar');
        const size = writeSampleImage(
          path,
          { ...small, packages: small.packages * factor, npm: small.npm * factor },
          packed,
        );
        const name = `${factor}x, ${packed ? 'gzip layers' : 'plain layers'}`;
        result.inputs.push(
          `${name}: ${Math.round(size / MEBIBYTE)} MiB, ${small.packages * factor} Debian and ${small.npm * factor} npm packages`,
        );
        result.rows.push(...rowsOf(name, await measure(path), factor === 1, packed, factor === 16));
        const cached = await best(RUNS, () => sbom(path));
        result.rows.push({ what: `${name}: wall, layers kept`, value: cached.wall, unit: 's', budget: '< 0.5 s' });
        rmSync(path);
      }
    }
    const debian = makeDebian(folder);
    if (debian === undefined)
      result.inputs.push('a real Debian was left out: mmdebstrap is not installed, or no mirror answers');
    else result.rows.push(...rowsOf('Debian 12 with nginx', await measure(debian), true, false, false));
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsOf(what: string, cost: Cost, isSmall: boolean, packed: boolean, isLarge: boolean): BenchResult['rows'] {
  if (cost.exitCode !== 0) throw new Error(`breakwater sbom ended with exit code ${cost.exitCode} on ${what}`);
  const wall = isSmall
    ? { budget: packed ? '< 0.7 s' : '< 0.35 s', peer: packed ? 'Trivy 1.1 s' : 'Trivy 0.33 s' }
    : {};
  const memory = isSmall ? { budget: '< 130 MiB', peer: 'Trivy 128 MiB' } : isLarge ? { budget: '< 300 MiB' } : {};
  return [
    { what: `${what}: CPU`, value: cost.cpu, unit: 's' },
    { what: `${what}: wall`, value: cost.wall, unit: 's', ...wall },
    { what: `${what}: peak PSS of the process tree`, value: cost.peak, unit: 'MiB', ...memory },
  ];
}

function makeDebian(folder: string): string | undefined {
  const path = join(folder, 'debian.tar');
  try {
    execFileSync('mmdebstrap', ['--variant=minbase', '--include=nginx-light,curl,openssl', 'bookworm', path], {
      stdio: 'ignore',
    });
    return path;
  } catch {
    return undefined;
  }
}
