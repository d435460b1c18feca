import type { VexVerdict } from '@breakwater/model';
import { z } from 'zod';

/** Most statements, products and names that a document may hold: more is no VEX that somebody wrote. */
export const MOST = 100_000;
const LONGEST = 4096;

/** A text; absent where the document holds something else in its place. */
export const text = z.string().max(LONGEST).optional().catch(undefined);

/** A list of which the items that are none of what is meant are left out. */
export function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(z.unknown())
    .max(MOST)
    .optional()
    .catch(undefined)
    .transform((items = []) =>
      items.flatMap((value) => {
        const { data } = item.safeParse(value);
        return data === undefined ? [] : [data];
      }),
    );
}

/** `{ "sha-256": "..." }` of OpenVEX as digests. */
export function digestsOf(hashes: Record<string, string> | undefined): string[] {
  return Object.entries(hashes ?? {}).map(
    ([name, value]) => `${name.toLowerCase().replace('-', '')}:${value.toLowerCase()}`,
  );
}

/** The status in OpenVEX's words; undefined where a document says something that is none of them. */
export function statusOf(word: string | undefined): VexVerdict['status'] | undefined {
  switch (word) {
    case 'not_affected':
    case 'affected':
    case 'fixed':
    case 'under_investigation':
      return word;
    default:
      return undefined;
  }
}

/** Prose on one line, of a length that can be shown. */
export function prose(words: string | undefined): { statement?: string } {
  const flat = (words ?? '')
    .replace(/[\s\x00-\x1f]+/g, ' ')
    .trim()
    .slice(0, 500);
  return flat === '' ? {} : { statement: flat };
}
