import { type Image, type Unknown, UserError, type VulnerabilityMatch } from '@breakwater/model';
import { VERSION } from './version.ts';

/** Formats in which a bill of materials is written; the first is the default. */
export const BILL_FORMATS = ['cyclonedx-json', 'spdx-json'] as const;
export type BillFormat = (typeof BILL_FORMATS)[number];

/** Prints the bill of materials of the one image there is; as CycloneDX with `matches`, what is wrong with it too. */
export async function writeBill(
  images: { image: Image; matches?: VulnerabilityMatch[] }[],
  { time, unknowns }: { time: string; unknowns: Unknown[] },
  format: BillFormat = 'cyclonedx-json',
): Promise<void> {
  const [first, ...others] = images;
  if (!first) {
    throw new UserError('There is no image among the targets, so there is no bill of materials.', {
      code: 'image-missing',
      hint: unknowns[0]?.message ?? 'Name an image archive, an OCI layout or a root file system.',
    });
  }
  if (others.length > 0) {
    throw new UserError(`The targets hold ${images.length} images; a bill of materials describes one.`, {
      code: 'images-several',
      hint: 'Name one image, or choose one of an index with --platform.',
    });
  }
  const { cycloneDx, spdx } = await import('@breakwater/outputs/formats');
  const { image, matches } = first;
  const input = { image, time, toolVersion: VERSION };
  const document = format === 'spdx-json' ? spdx(input) : cycloneDx({ ...input, ...(matches ? { matches } : {}) });
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}
