import type { Finding, ImageSummary } from '@breakwater/model';
import type { AssessedImage } from './assessment.ts';

/** The inventory's lines for images, in their order. A vulnerability counts once, in however many workloads the image runs. */
export function summariseImages(images: AssessedImage[], findings: Finding[]): ImageSummary[] {
  const vulnerabilities = vulnerabilitiesByImage(findings);
  return images.map(({ image, workloads }) => {
    const found = [...(vulnerabilities.get(image.id)?.values() ?? [])];
    return {
      id: image.id,
      target: image.target,
      references: image.references,
      ...(image.distribution ? { distribution: image.distribution.name } : {}),
      components: image.components.length,
      vulnerabilities: found.length,
      matter: found.filter(Boolean).length,
      unknowns: image.unknowns.length,
      workloads: workloads.map(({ id }) => id),
    };
  });
}

/** For each image, its pairs of vulnerability and component, and whether each matters anywhere. */
function vulnerabilitiesByImage(findings: Finding[]): Map<string, Map<string, boolean>> {
  const images = new Map<string, Map<string, boolean>>();
  for (const finding of findings) {
    if (finding.kind !== 'vulnerability' || finding.image === undefined) continue;
    const pairs = images.get(finding.image) ?? new Map<string, boolean>();
    images.set(finding.image, pairs);
    const pair = `${finding.rule} ${finding.component ?? ''}`;
    pairs.set(pair, finding.matters || pairs.get(pair) === true);
  }
  return images;
}
