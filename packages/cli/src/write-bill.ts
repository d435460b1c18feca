import { type Image, type Unknown, UserError, type VulnerabilityMatch } from '@breakwater/model';
import { VERSION } from './version.ts';

/** Prints the bill of materials of the one image there is; with `matches`, what is wrong with it too. */
export async function writeBill(
  images: { image: Image; matches?: VulnerabilityMatch[] }[],
  { time, unknowns }: { time: string; unknowns: Unknown[] },
): Promise<void> {
  const [first, ...others] = images;
  if (!first) {
    throw new UserError('There is no image among the targets, so there is no bill of materials.', {
      code: 'image-missing',
      hint: unknowns[0]?.message ?? 'Name an image archive, an OCI layout or a root file system.',
    });
  }
  if (others.length > 0) {
    throw new UserError(`The targets hold ${images.length} images; a CycloneDX document describes one.`, {
      code: 'images-several',
      hint: 'Name one image, or choose one of an index with --platform.',
    });
  }
  const { cycloneDx } = await import('@breakwater/outputs/formats');
  const { image, matches } = first;
  const document = cycloneDx({ image, ...(matches ? { matches } : {}), time, toolVersion: VERSION });
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}
