import type { Part } from '../locate-in-events.ts';
import { NotPlain } from './line-reader.ts';
import type { Maker } from './maker.ts';
import { readPlain } from './read-plain.ts';

/** Makes places. */
export const PARTS: Maker<Part> = {
  scalar: (_, start) => ({ start }),
  nothing: () => ({ start: undefined }),
  list: (items, start) => ({ start, items }),
  mapping: (start) => ({ start, pairs: [] }),
  pair(mapping, name, start, value) {
    mapping.pairs?.push([{ start, name }, value]);
  },
};

/** What stands where in each document of a stream; undefined where it is not plain. */
export function plainParts(text: string): Part[] | undefined {
  try {
    return readPlain(text, PARTS).map(({ value }) => value);
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}
