import type { ManifestObject, Place, Unknown } from '@breakwater/model';
import { locatePlaces } from '../locate-places.ts';
import type { Translated } from './platform-document.ts';

/**
 * The same with line and column in every place: a Compose file is one document, so that the line where its document begins
 * tells nothing of a service. Each file is read once more.
 */
export async function withLines({ objects, unknowns }: Translated): Promise<Translated> {
  const placesOf = ({ place, translation }: ManifestObject): Place[] => [
    place,
    ...(translation?.origins.map((origin) => origin.place) ?? []),
  ];
  const located = await locatePlaces([...objects.flatMap(placesOf), ...unknowns.map(({ place }) => place)]);
  let next = 0;
  const take = (): Place => located[next++]!;
  return {
    objects: objects.map((object): ManifestObject => {
      const place = take();
      const { translation } = object;
      if (translation === undefined) return { ...object, place };
      const origins = translation.origins.map((origin) => ({ ...origin, place: take() }));
      return { ...object, place, translation: { ...translation, origins } };
    }),
    unknowns: unknowns.map((unknown): Unknown => ({ ...unknown, place: take() })),
  };
}
