import { add } from '../arithmetic.ts';
import { order } from '../comparison.ts';
import { COMPARE_ELEMENTS } from '../cost/prices.ts';
import { equals } from '../equality.ts';
import type { Frame } from '../frame.ts';
import { A, BOOL, BYTES, type CelType, DOUBLE, DURATION, INT, listOf, STRING, TIMESTAMP, UINT } from '../types.ts';
import { adapt, CelError, Double, Duration, Failure, noSuchOverload, Uint, type Value } from '../values.ts';
import { type FunctionDeclaration, member } from './declaration.ts';

type List = readonly unknown[];

const SUMMABLE = [INT, UINT, DOUBLE, DURATION];
const COMPARABLE = [INT, UINT, DOUBLE, BOOL, DURATION, TIMESTAMP, STRING, BYTES];

/** Whether each pair of neighbours is in order. */
function isSorted(frame: Frame, list: List): Value {
  for (let index = 1; index < list.length; index++) {
    const previous = adapt(list[index - 1]);
    const current = adapt(list[index]);
    const between = order(previous, current, frame);
    if (between === null) return noSuchOverload('isSorted', previous, current);
    if (between === undefined || between > 0) return false;
  }
  return true;
}

/** The element that comes first in the direction: -1 for the least, 1 for the greatest. */
const extreme =
  (name: string, direction: -1 | 1) =>
  (frame: Frame, list: List): Value => {
    if (list.length === 0) return new CelError(`${name} called on empty list`);
    let found = adapt(list[0]);
    for (const item of list) {
      const element = adapt(item);
      const between = order(element, found, frame);
      if (between === null) return noSuchOverload(name, element, found);
      if (between === direction) found = element;
    }
    return found;
  };

const ZEROS = new Map<CelType, Value>([
  [INT, 0],
  [UINT, new Uint(0n)],
  [DOUBLE, new Double(0)],
  [DURATION, new Duration(0n)],
]);

const sum =
  (element: CelType) =>
  (frame: Frame, list: List): Value => {
    let total: Value = list.length === 0 ? (ZEROS.get(element) ?? 0) : adapt(list[0]);
    for (let index = 1; index < list.length; index++) {
      total = add(total, adapt(list[index]), frame);
      if (total instanceof Failure) return total;
    }
    return typeof total === 'string' || Array.isArray(total) ? noSuchOverload('sum', list) : total;
  };

const position =
  (find: 'findIndex' | 'findLastIndex') =>
  (frame: Frame, list: List, wanted: Value): Value =>
    list[find]((element) => equals(adapt(element), wanted, frame));

const includes = (frame: Frame, list: List, wanted: Value): Value =>
  list.some((element) => equals(adapt(element), wanted, frame));

/** Kubernetes' functions on lists. */
export const LIST_FUNCTIONS: FunctionDeclaration[] = [
  ...SUMMABLE.map((type) => member('sum', [listOf(type)], type, sum(type), COMPARE_ELEMENTS)),
  ...COMPARABLE.flatMap((type) => [
    member('isSorted', [listOf(type)], BOOL, isSorted, COMPARE_ELEMENTS),
    member('min', [listOf(type)], type, extreme('min', -1), COMPARE_ELEMENTS),
    member('max', [listOf(type)], type, extreme('max', 1), COMPARE_ELEMENTS),
  ]),
  member('indexOf', [listOf(A), A], INT, position('findIndex'), COMPARE_ELEMENTS),
  member('lastIndexOf', [listOf(A), A], INT, position('findLastIndex'), COMPARE_ELEMENTS),
  member('includes', [listOf(A), A], BOOL, includes, COMPARE_ELEMENTS),
];
