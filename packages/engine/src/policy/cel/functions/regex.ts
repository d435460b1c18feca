import { FIND } from '../cost/prices.ts';
import { type Frame, labour, traversal } from '../frame.ts';
import { findMatches } from '../regex/index.ts';
import { INT, listOf, STRING } from '../types.ts';
import { CelError, type Value } from '../values.ts';
import { type FunctionDeclaration, member } from './declaration.ts';
import { patternOf } from './strings.ts';

/** At most so many parts that match; all where `most` is negative. */
function findAll(frame: Frame, text: string, pattern: string, most: number | bigint): string[] | CelError {
  const compiled = patternOf(frame, pattern);
  if (compiled instanceof CelError) return compiled;
  labour(frame, traversal(text.length + 1) * 10);
  return findMatches(text, pattern, most < 0 ? Infinity : Number(most));
}

function find(frame: Frame, text: string, pattern: string): Value {
  const found = findAll(frame, text, pattern, 1);
  return found instanceof CelError ? found : (found[0] ?? '');
}

/** Kubernetes' functions that find what matches a regular expression. */
export const REGEX_FUNCTIONS: FunctionDeclaration[] = [
  member('find', [STRING, STRING], STRING, find, FIND),
  member(
    'findAll',
    [STRING, STRING],
    listOf(STRING),
    (frame, text, pattern) => findAll(frame, text, pattern, -1),
    FIND,
  ),
  member('findAll', [STRING, STRING, INT], listOf(STRING), findAll, FIND),
];
