import { listImages } from '@breakwater/app/scan';
import { UserError } from '@breakwater/model';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { REGISTRY_OPTIONS } from '../registry-reading.ts';
import { withProgress } from '../scan.ts';
import { plain } from '../terminal/style.ts';
import { BILL_FORMATS, type BillFormat, writeBill } from '../write-bill.ts';

export const command: Command = {
  name: 'sbom',
  summary: 'Writes what an image holds as CycloneDX or SPDX. `scan --output cyclonedx` adds the vulnerabilities.',
  usage: 'TARGET',
  examples: [
    {
      command: 'breakwater sbom image.tar > bom.cdx.json',
      says: 'components with purls, licences and source packages',
    },
    {
      command: 'breakwater sbom image.tar --format spdx-json > bom.spdx.json',
      says: 'the same as SPDX 2.3',
    },
  ],
  options: {
    ...REGISTRY_OPTIONS,
    format: { type: 'string', value: 'FORMAT', help: 'cyclonedx-json (default, 1.6) or spdx-json (2.3)' },
  },
  async run(invocation) {
    const format = formatOption(invocation);
    const targets = invocation.positionals;
    const { images, unknowns } = await withProgress(invocation, targets, (options) => listImages(targets, options));
    await writeBill(
      images.map((image) => ({ image })),
      { time: new Date().toISOString(), unknowns },
      format,
    );
    const unread = [...unknowns, ...images.flatMap((image) => image.unknowns)];
    for (const unknown of unread) process.stderr.write(`not read: ${plain(unknown.message)}\n`);
    return unread.length === 0 ? EXIT.passed : EXIT.unknown;
  },
};

function formatOption({ options }: Invocation): BillFormat {
  const wanted = options['format'] ?? BILL_FORMATS[0];
  const found = BILL_FORMATS.find((format) => format === wanted);
  if (found) return found;
  throw new UserError(`There is no format '${String(wanted)}' of bills of materials here.`, {
    code: 'format-unknown',
    hint: `Choose one of: ${BILL_FORMATS.join(', ')}.`,
  });
}
