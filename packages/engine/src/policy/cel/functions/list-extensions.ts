import { order } from '../comparison.ts';
import { equals } from '../equality.ts';
import { type Frame, labour } from '../frame.ts';
import { A, type CelType, DYN, INT, listOf, optionalOf } from '../types.ts';
import { adapt, CelError, NONE, noSuchOverload, Optional, type Value } from '../values.ts';
import { type FunctionDeclaration, global, member } from './declaration.ts';

type List = readonly unknown[];

const LIST = listOf(A);
const MAX_RANGE = 100_000;
const MAX_FLATTENED = 200;

function slice(list: List, from: number | bigint, to: number | bigint): Value {
  if (from < 0 || to > list.length || from > to)
    return new CelError(`cannot slice(${from}, ${to}), list is length ${list.length}`);
  return list.slice(Number(from), Number(to));
}

function flatten(frame: Frame, list: List, depth: number | bigint): Value {
  if (depth < 0) return new CelError('level must be non-negative');
  const flat: Value[] = [];
  const isWhole = gather(frame, list, depth, flat, 0);
  return isWhole ? flat : new CelError(`lists are nested deeper than ${MAX_FLATTENED}`);
}

function gather(frame: Frame, list: List, depth: number | bigint, flat: Value[], level: number): boolean {
  if (level > MAX_FLATTENED) return false;
  labour(frame, list.length);
  return list.every((item) => {
    if (Array.isArray(item) && level < depth) return gather(frame, item, depth, flat, level + 1);
    flat.push(adapt(item));
    return true;
  });
}

/** The elements without those that equal an earlier one. */
function distinct(frame: Frame, list: List): Value {
  const kept: Value[] = [];
  for (const item of list) {
    const element = adapt(item);
    labour(frame, kept.length);
    if (!kept.some((known) => equals(known, element, frame))) kept.push(element);
  }
  return kept;
}

/** The elements in the order of their keys; an error where two keys have no order. */
export function sortByKeys(frame: Frame, list: List, keys: readonly Value[]): Value {
  labour(frame, list.length * Math.ceil(Math.log2(list.length + 2)));
  let failure: Value | undefined;
  const positions = list.map((_, index) => index);
  positions.sort((a, b) => {
    const [left, right] = [keys[a] ?? null, keys[b] ?? null];
    const between = order(left, right, frame);
    if (between === null) failure ??= noSuchOverload('sort', left, right);
    return between ?? 0;
  });
  return failure ?? positions.map((position) => list[position] as Value);
}

const sort = (frame: Frame, list: List): Value => sortByKeys(frame, list, list.map(adapt));

function range(frame: Frame, count: number | bigint): Value {
  if (count > MAX_RANGE) return new CelError(`lists.range() of more than ${MAX_RANGE}`);
  labour(frame, Math.max(0, Number(count)));
  return Array.from({ length: Math.max(0, Number(count)) }, (_, index) => index);
}

const optionally = (list: List, index: number): Value =>
  list.length === 0 ? NONE : new Optional(adapt(list.at(index)));

const nested: CelType = listOf(DYN);

/** The lists extension of cel-go; `sortBy` is a macro. */
export const LIST_EXTENSIONS: FunctionDeclaration[] = [
  member('slice', [LIST, INT, INT], LIST, (_, list, from, to) => slice(list, from, to)),
  member('flatten', [nested], nested, (frame, list) => flatten(frame, list, 1)),
  member('flatten', [nested, INT], nested, flatten),
  member('distinct', [LIST], LIST, distinct),
  member('reverse', [LIST], LIST, (_, list: List) => list.toReversed()),
  member('sort', [LIST], LIST, sort),
  member('first', [LIST], optionalOf(A), (_, list) => optionally(list, 0)),
  member('last', [LIST], optionalOf(A), (_, list) => optionally(list, -1)),
  global('lists.range', [INT], listOf(INT), range),
];
