import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Place } from '@breakwater/model';
import type { FieldPosition } from './locate-field.ts';
import { FieldScanner } from './plain/field-scanner.ts';
import { locateInTemplate } from './rendering/locate-in-template.ts';

/** Characters of text that one call reads: about a second's work. Places beyond keep the line of their document. */
const MOST_TEXT = 16_000_000;

/** What files held when they were read. */
export interface KeptTexts {
  /** By absolute path. */
  texts: ReadonlyMap<string, Buffer>;
  /** Sources of those that were read line by line: their fields are found without reading all of them. */
  plain: ReadonlySet<string>;
}

/** Finds fields of one text by the zero-based document and the path in it. */
type Locate = (document: number, pointer: readonly (string | number)[]) => FieldPosition;

/**
 * Adds line and column to places that name a field (`pointer`), in the given order, reading each file again but once.
 * The file may have changed or gone since: then its places stay as they are. For what is shown to people, not for all
 * that was read.
 *
 * @param kept what files held when they were read: those are not read again.
 */
export async function locatePlaces(places: readonly Place[], kept?: KeptTexts): Promise<Place[]> {
  if (!places.some(({ pointer }) => pointer !== undefined)) return [...places];
  const { fieldLocator } = await import('./locate-field.ts');
  const located = [...places];
  let left = MOST_TEXT;
  const read = (source: string): { text: string; isPlain: boolean } | undefined => {
    const path = resolve(source);
    const bytes = kept?.texts.get(path);
    const isPlain = bytes !== undefined && kept?.plain.has(source) === true;
    // What is plain is ASCII.
    const known = bytes && bytes.length <= left ? bytes.toString(isPlain ? 'latin1' : 'utf8') : undefined;
    const text = bytes === undefined ? readText(path, left) : known;
    left -= text?.length ?? 0;
    return text === undefined ? undefined : { text, isPlain };
  };
  /* One text at a time: of ten thousand files none is kept. */
  const bySource = Map.groupBy(places.keys(), (index) => places[index]?.source ?? '');
  for (const [source, indexes] of bySource) {
    const pointed = indexes.filter((index) => places[index]?.pointer !== undefined);
    const found = pointed.length === 0 ? undefined : read(source);
    if (found === undefined) continue;
    const { text, isPlain } = found;
    let locate: Locate | undefined;
    for (const index of pointed) {
      const place = places[index] as Place;
      const { document, pointer = [] } = place;
      // What a tool rendered stands in no document of its file.
      if (document === undefined) located[index] = { ...place, ...locateInTemplate(text, pointer) };
      else {
        locate ??= isPlain ? scannerOf(text) : fieldLocator(text);
        const { line, column } = locate(document, pointer);
        located[index] = { ...place, line, column };
      }
    }
  }
  return located;
}

function scannerOf(text: string): Locate {
  const scanner = new FieldScanner(text);
  return (document, pointer) => scanner.find(document, pointer);
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
