import type { Scan } from '@breakwater/app/scan';
import { type Image, UserError, type Verdict, type VulnerabilityMatch } from '@breakwater/model';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { isShown, printScan } from '../terminal/print-scan.ts';
import { openProgressLine } from '../terminal/progress.ts';
import { VERSION } from '../version.ts';

const CODES: Record<Verdict, number> = { pass: EXIT.passed, fail: EXIT.refused, unknown: EXIT.unknown };

export const command: Command = {
  name: 'scan',
  summary: 'Judges targets by the build gate. Exit code 0: may ship; 1: refused; 2: not decided.',
  usage: 'TARGET...',
  examples: [
    { command: 'breakwater scan image.tar', says: 'an archive of docker save, or an OCI layout' },
    { command: 'breakwater scan k8s/ bom.cdx.json', says: 'manifests and an SBOM' },
    { command: 'breakwater scan image.tar -o sarif > scan.sarif', says: 'for code hosts' },
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default), json, sarif or cyclonedx' },
    platform: { type: 'string', value: 'OS/ARCH', help: 'Image of an index, such as linux/arm64 (default: all)' },
    all: { type: 'boolean', help: 'Show every vulnerability and policy in the table' },
  },
  async run(invocation) {
    const output = outputOption(invocation, ['table', 'json', 'sarif', 'cyclonedx']);
    const all = invocation.options['all'] === true;
    const scanned = await scan(invocation);
    const { images } = scanned;
    if (output === 'cyclonedx') {
      write(await writeCycloneDx(scanned, images));
      return CODES[scanned.report.verdict];
    }
    const { locatePolicies } = await import('@breakwater/app/scan');
    const report = await locatePolicies(scanned.report, (result) => output !== 'table' || isShown(result, all));
    if (output === 'table') printScan(report, { all });
    else write(output === 'json' ? report : await writeSarif({ report, images }));
    return CODES[report.verdict];
  },
};

/** Scans the targets of an invocation, with a line of progress. */
export async function scan(invocation: Invocation): Promise<Scan> {
  if (invocation.positionals.length === 0) {
    throw new UserError('Scan what? Name an image archive, a folder, a manifest or an SBOM.', {
      code: 'target-missing',
      hint: 'breakwater scan image.tar',
    });
  }
  const { scanTargets } = await import('@breakwater/app/scan');
  const line = openProgressLine(invocation.options['quiet'] === true);
  return await scanTargets(invocation.positionals, {
    state: invocation.state,
    now: new Date().toISOString(),
    platform: invocation.options['platform'] as string | undefined,
    signal: invocation.signal,
    onProgress: ({ stage, done, total, subject }) =>
      line.show(`${stage} ${total > 1 ? `${done}/${total} ` : ''}${subject}`),
  }).finally(() => line.clear());
}

/** The bill of materials of the one image that was scanned, with the given matches. */
export async function writeCycloneDx(
  { report: { time, unknowns } }: Scan,
  images: { image: Image; matches: VulnerabilityMatch[] }[],
): Promise<object> {
  const { cycloneDx } = await import('@breakwater/outputs/formats');
  const [first, ...others] = images;
  if (!first)
    throw new UserError('There is no image among the targets, so there is no bill of materials.', {
      code: 'image-missing',
      hint: unknowns[0]?.message ?? 'Name an image archive, an OCI layout or a root file system.',
    });
  if (others.length > 0) {
    throw new UserError(`The targets hold ${images.length} images; a CycloneDX document describes one.`, {
      code: 'images-several',
      hint: 'Name one image, or choose one of an index with --platform.',
    });
  }
  return cycloneDx({ ...first, time, toolVersion: VERSION });
}

async function writeSarif(scanned: Scan): Promise<object> {
  const [{ sarif }, { scanFindings }] = await Promise.all([
    import('@breakwater/outputs/formats'),
    import('@breakwater/app/scan'),
  ]);
  return sarif(scanFindings(scanned), { toolVersion: VERSION, unknowns: scanned.report.unknowns });
}

function write(document: object): void {
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}
