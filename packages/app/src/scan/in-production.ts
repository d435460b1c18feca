import { evidenceOf, observationGap, productionOf } from '@breakwater/engine/evidence';
import type { ComponentEvidence, ScannedRuntime } from '@breakwater/model';
import type { EstateReading } from '../estate/read-estate.ts';

/** What ran of an image, with what follows for each of its components. */
export interface InProduction extends Omit<ScannedRuntime, 'components'> {
  evidence: Map<string, ComponentEvidence>;
}

/** What events say of images, by image id; those of which they say nothing are left out. `now` is ISO 8601. */
export function inProduction(
  { images, observations }: Pick<EstateReading, 'images' | 'observations'>,
  now: string,
): [string, InProduction][] {
  return images.flatMap((image): [string, InProduction][] => {
    const found = productionOf(image, observations);
    if (found === undefined) return [];
    const { observation, by } = found;
    const gap =
      by === 'release' ? 'the events are of an earlier image of this name' : observationGap(image, observation, now);
    return [
      [
        image.id,
        {
          by,
          from: observation.first,
          until: observation.last,
          isComplete: gap === undefined,
          ...(gap !== undefined && { note: gap }),
          evidence: evidenceOf(image, observation, now),
        },
      ],
    ];
  });
}
