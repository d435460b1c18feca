import { locatePolicies, type Scan } from '@breakwater/app/scan';
import type { PolicyResult } from '@breakwater/model';
import type { Command } from '../command.ts';
import { outputOption } from '../options.ts';
import { SCAN_OPTIONS, scanWithProgress, VERDICT_CODES } from '../scan.ts';
import { isShown, printScan } from '../terminal/print-scan.ts';
import { writeJson } from '../terminal/write-json.ts';
import { VERSION } from '../version.ts';
import { writeBill } from '../write-bill.ts';

export const command: Command = {
  name: 'scan',
  summary: 'Judges targets by the build gate. Exit code 0: may ship; 1: refused; 2: not decided.',
  usage: 'TARGET...',
  examples: [
    { command: 'breakwater scan image.tar', says: 'an archive of docker save, or an OCI layout' },
    { command: 'breakwater scan registry.example/shop/cart:2.9', says: 'an image of a registry, without a daemon' },
    { command: 'breakwater scan docker:cart:2.9 container:web', says: 'an image and a container of Docker or Podman' },
    { command: 'breakwater scan .', says: 'lock files and manifests of a source repository' },
    { command: 'breakwater scan k8s/ bom.cdx.json', says: 'manifests and an SBOM' },
    { command: 'breakwater scan cluster:production', says: 'what runs in a cluster of your kubeconfig' },
    { command: 'breakwater scan image.tar --report trivy.json', says: 'and what another tool reports of it' },
    { command: 'breakwater scan image.tar -o sarif > scan.sarif', says: 'for code hosts' },
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default), json, sarif or cyclonedx' },
    ...SCAN_OPTIONS,
    all: { type: 'boolean', help: 'Show every vulnerability and policy in the table' },
  },
  async run(invocation) {
    const output = outputOption(invocation, ['table', 'json', 'sarif', 'cyclonedx']);
    const all = invocation.options['all'] === true;
    const scanned = await scanWithProgress(invocation, invocation.positionals);
    if (output === 'cyclonedx') {
      await writeBill(scanned.images, scanned.report);
      return VERDICT_CODES[scanned.report.verdict];
    }
    const isWanted = (result: PolicyResult): boolean => output !== 'table' || isShown(result, all);
    const report = await locatePolicies(scanned.report, isWanted, scanned.texts);
    if (output === 'table') printScan(report, { all });
    else writeJson(output === 'json' ? report : await writeSarif({ ...scanned, report }));
    return VERDICT_CODES[report.verdict];
  },
};

async function writeSarif(scanned: Scan): Promise<object> {
  const [{ sarif }, { scanFindings, scanUnknowns }] = await Promise.all([
    import('@breakwater/outputs/formats'),
    import('@breakwater/app/findings'),
  ]);
  return sarif(scanFindings(scanned), { toolVersion: VERSION, unknowns: scanUnknowns(scanned) });
}
