import { resolvePlainScalar } from '../kubernetes-yaml.ts';
import { countLines, NotPlain, refuse } from './line-reader.ts';
import type { Maker } from './maker.ts';
import { readPlain } from './read-plain.ts';

/** First characters of scalars that may be more than texts: numbers, `true` and its like, `null`, `~`, `.5`. */
const MAY_MEAN = /^[-+.~0-9tTfFyYnNoO]/;

const VALUES: Maker<unknown> = {
  scalar: (text, _, isQuoted) => (isQuoted || !MAY_MEAN.test(text) ? text : resolvePlainScalar(text)),
  nothing: () => null,
  list: (items) => items,
  mapping: () => ({}),
  pair(mapping, key, _, value) {
    const fields = mapping as Record<string, unknown>;
    if (Object.hasOwn(fields, key)) refuse();
    fields[key] = value;
  },
};

/** The values of a stream's documents, each with the one-based line it begins on; undefined where it is not plain. */
export function plainValues(text: string): { index: number; line: number; value: unknown }[] | undefined {
  try {
    let line = 1;
    let from = 0;
    return readPlain(text, VALUES).map(({ start, value }, index) => {
      line += countLines(text, from, start);
      from = start;
      return { index, line, value };
    });
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}
