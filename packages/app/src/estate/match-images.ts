import { matchComponents } from '@breakwater/engine/matching';
import type { AdvisoryLookup, Image, Unknown, VulnerabilityMatch } from '@breakwater/model';

/** What advisories say of an image, and what they could not say. */
export interface MatchedImage {
  image: Image;
  matches: VulnerabilityMatch[];
  /** One unknown for each reason, with how many components it is about. */
  unknowns: Unknown[];
  /** False when components or parts of the image could not be judged: then nothing about it is clean. */
  complete: boolean;
}

/** Components named in an unknown that is about many. */
const NAMED = 3;

/** Holds the components of an image against the advisories. */
export function matchImage(image: Image, lookup: AdvisoryLookup): MatchedImage {
  const { matches, unknowns } = matchComponents(image.components, lookup);
  const components = new Map(image.components.map((component) => [component.id, component]));
  const byReason = Map.groupBy(unknowns, (unknown) => unknown.reason);
  const reasons = [...byReason].map(([reason, about]): Unknown => {
    const names = about.slice(0, NAMED).map(({ component }) => components.get(component)?.name ?? component);
    const more = about.length > NAMED ? ` and ${about.length - NAMED} more` : '';
    return {
      code: 'component-unmatched',
      message: `${names.join(', ')}${more} in ${image.target} could not be judged: ${reason}.`,
      place: { source: image.target },
      subject: image.id,
      hint: 'Import advisories for it: breakwater db update, or breakwater db import FOLDER.',
    };
  });
  return { image, matches, unknowns: reasons, complete: unknowns.length === 0 && image.unknowns.length === 0 };
}
