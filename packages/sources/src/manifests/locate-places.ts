import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Place } from '@breakwater/model';
import type { FieldLocator } from './locate-field.ts';

/** Characters of text that one call reads: about a second's work. Places beyond keep the line of their document. */
const MOST_TEXT = 16_000_000;

/**
 * Adds line and column to places that name a field (`pointer`), in the given order, reading each file again but once.
 * The file may have changed or gone since: then its places stay as they are. For what is shown to people, not for all
 * that was read.
 */
export async function locatePlaces(places: readonly Place[]): Promise<Place[]> {
  if (!places.some(({ pointer }) => pointer !== undefined)) return [...places];
  const { fieldLocator } = await import('./locate-field.ts');
  const located = [...places];
  let left = MOST_TEXT;
  const open = (source: string): FieldLocator | undefined => {
    try {
      const path = resolve(source);
      const { size } = statSync(path);
      if (size > left) return undefined;
      left -= size;
      return fieldLocator(readFileSync(path, 'utf8'));
    } catch {
      return undefined;
    }
  };
  /* One text at a time: of ten thousand files none is kept. */
  const bySource = Map.groupBy(places.keys(), (index) => places[index]?.source ?? '');
  for (const [source, indexes] of bySource) {
    const pointed = indexes.filter((index) => places[index]?.pointer !== undefined);
    const locate = pointed.length === 0 ? undefined : open(source);
    if (locate === undefined) continue;
    for (const index of pointed) {
      const place = places[index] as Place;
      located[index] = { ...place, ...locate(place.document ?? 0, place.pointer ?? []) };
    }
  }
  return located;
}
