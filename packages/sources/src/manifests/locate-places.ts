import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Place } from '@breakwater/model';
import type { FieldLocator } from './locate-field.ts';
import { locateInTemplate } from './rendering/locate-in-template.ts';

/** Characters of text that one call reads: about a second's work. Places beyond keep the line of their document. */
const MOST_TEXT = 16_000_000;

/**
 * Adds line and column to places that name a field (`pointer`), in the given order, reading each file again but once.
 * The file may have changed or gone since: then its places stay as they are. For what is shown to people, not for all
 * that was read.
 *
 * @param texts what files held when they were read, by absolute path: those are not read again.
 */
export async function locatePlaces(places: readonly Place[], texts?: ReadonlyMap<string, Buffer>): Promise<Place[]> {
  if (!places.some(({ pointer }) => pointer !== undefined)) return [...places];
  const { fieldLocator } = await import('./locate-field.ts');
  const located = [...places];
  let left = MOST_TEXT;
  const read = (source: string): string | undefined => {
    const path = resolve(source);
    const kept = texts?.get(path);
    const text = kept === undefined ? readText(path, left) : kept.length <= left ? kept.toString('utf8') : undefined;
    left -= text?.length ?? 0;
    return text;
  };
  /* One text at a time: of ten thousand files none is kept. */
  const bySource = Map.groupBy(places.keys(), (index) => places[index]?.source ?? '');
  for (const [source, indexes] of bySource) {
    const pointed = indexes.filter((index) => places[index]?.pointer !== undefined);
    const text = pointed.length === 0 ? undefined : read(source);
    if (text === undefined) continue;
    let locate: FieldLocator | undefined;
    for (const index of pointed) {
      const place = places[index] as Place;
      const { document, pointer = [] } = place;
      // What a tool rendered stands in no document of its file.
      if (document === undefined) located[index] = { ...place, ...locateInTemplate(text, pointer) };
      else {
        locate ??= fieldLocator(text);
        located[index] = { ...place, ...locate(document, pointer) };
      }
    }
  }
  return located;
}

/** The text of a regular file of at most so many bytes; undefined for anything else. */
function readText(path: string, most: number): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = fstatSync(descriptor);
    if (!found.isFile() || found.size > most) return undefined;
    const bytes = Buffer.allocUnsafe(found.size);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, found.size, 0));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
