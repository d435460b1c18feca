import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { best, type Cost, measureCommand } from './measure-command.ts';
import type { BenchResult } from './result.ts';

const command = join(import.meta.dirname, '../../packages/cli/bin/breakwater');
const RUNS = 8;
const COMPONENTS = 100;

/** Time to the first useful word: `--version`, and `scan` of a small SBOM, above a Node that does nothing. */
export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-start-'));
  const env = { ...process.env, BREAKWATER_STATE: join(folder, 'state') };
  const measure = (program: string, args: string[]): Promise<Cost> =>
    best(RUNS, () => measureCommand(program, args, env));
  try {
    const sbom = join(folder, 'small.cdx.json');
    writeFileSync(sbom, JSON.stringify(smallSbom()));
    const bare = await measure(process.execPath, ['-e', '0']);
    const version = await measure(command, ['--version']);
    const scan = await measure(command, ['scan', sbom]);
    return {
      name: 'start',
      inputs: [`an SBOM of ${COMPONENTS} npm packages, no advisories imported; best of ${RUNS} runs, code cache warm`],
      rows: [
        { what: 'node -e 0: wall', value: bare.wall * 1000, unit: 'ms' },
        { what: '--version: wall', value: version.wall * 1000, unit: 'ms', budget: '< 60 ms', peer: '40-100 ms' },
        { what: '--version: CPU', value: version.cpu * 1000, unit: 'ms' },
        {
          what: 'scan of the SBOM above bare node: wall',
          value: (scan.wall - bare.wall) * 1000,
          unit: 'ms',
          budget: '< 250 ms',
        },
        { what: 'scan of the SBOM: CPU', value: scan.cpu * 1000, unit: 'ms' },
        { what: 'scan of the SBOM: peak PSS', value: scan.peak, unit: 'MiB' },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function smallSbom(): object {
  const components = Array.from({ length: COMPONENTS }, (_, index) => {
    const purl = `pkg:npm/package-${index}@1.0.${index}`;
    return { type: 'library', 'bom-ref': purl, name: `package-${index}`, version: `1.0.${index}`, purl };
  });
  return { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components };
}
