import { type Command, EXIT } from '../command.ts';
import { plain } from '../terminal/style.ts';
import { scan, writeCycloneDx } from './scan.ts';

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
  options: { platform: { type: 'string', value: 'OS/ARCH', help: 'Image of an index, such as linux/arm64' } },
  async run(invocation) {
    const scanned = await scan(invocation);
    const { report, images } = scanned;
    const listed = images.map(({ image }) => ({ image, matches: [] }));
    process.stdout.write(`${JSON.stringify(await writeCycloneDx(scanned, listed), undefined, 2)}\n`);
    const unread = [...report.unknowns, ...images.flatMap(({ image }) => image.unknowns)];
    for (const unknown of unread) process.stderr.write(`not read: ${plain(unknown.message)}\n`);
    return unread.length === 0 ? EXIT.passed : EXIT.unknown;
  },
};
