import { listImages } from '@breakwater/app/scan';
import { type Command, EXIT } from '../command.ts';
import { REGISTRY_OPTIONS, withProgress } from '../scan.ts';
import { plain } from '../terminal/style.ts';
import { writeBill } from '../write-bill.ts';

export const command: Command = {
  name: 'sbom',
  summary: 'Writes what an image holds as CycloneDX. `scan --output cyclonedx` adds the vulnerabilities.',
  usage: 'TARGET',
  examples: [
    {
      command: 'breakwater sbom image.tar > bom.cdx.json',
      says: 'components with purls, licences and source packages',
    },
  ],
  options: REGISTRY_OPTIONS,
  async run(invocation) {
    const targets = invocation.positionals;
    const { images, unknowns } = await withProgress(invocation, targets, (options) => listImages(targets, options));
    await writeBill(
      images.map((image) => ({ image })),
      { time: new Date().toISOString(), unknowns },
    );
    const unread = [...unknowns, ...images.flatMap((image) => image.unknowns)];
    for (const unknown of unread) process.stderr.write(`not read: ${plain(unknown.message)}\n`);
    return unread.length === 0 ? EXIT.passed : EXIT.unknown;
  },
};
