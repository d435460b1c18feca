import { add } from '../arithmetic.ts';
import { order } from '../comparison.ts';
import { equals } from '../equality.ts';
import { charge, type Frame } from '../frame.ts';
import { adapt, CelError, Failure, noSuchOverload, type Value } from '../values.ts';
import { type FunctionDeclaration, member } from './declaration.ts';

type List = readonly unknown[];

/** A function of a list that goes through it once. */
const through = (name: string, compute: (list: List, frame: Frame) => Value): FunctionDeclaration =>
  member(name, 1, (frame, list) => {
    if (!Array.isArray(list)) return noSuchOverload(name, list);
    charge(frame, list.length);
    return compute(list, frame);
  });

/** Whether each pair of neighbours is in order; undefined where two of them have none. */
function isSorted(list: List, frame: Frame): Value {
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
function extreme(name: string, direction: -1 | 1): FunctionDeclaration {
  return through(name, (list, frame) => {
    if (list.length === 0) return new CelError(`${name}() of an empty list`);
    let found = adapt(list[0]);
    for (const item of list) {
      const element = adapt(item);
      const between = order(element, found, frame);
      if (between === null) return noSuchOverload(name, element, found);
      if (between === direction) found = element;
    }
    return found;
  });
}

function sum(list: List, frame: Frame): Value {
  let total: Value = list.length === 0 ? 0 : adapt(list[0]);
  for (let index = 1; index < list.length; index++) {
    total = add(total, adapt(list[index]), frame);
    if (total instanceof Failure) return total;
  }
  return typeof total === 'string' || Array.isArray(total) ? noSuchOverload('sum', list) : total;
}

const position =
  (name: 'indexOf' | 'lastIndexOf', find: 'findIndex' | 'findLastIndex') =>
  (frame: Frame, list: List, wanted: Value): Value => {
    if (wanted instanceof Failure) return noSuchOverload(name, list, wanted);
    charge(frame, list.length);
    return list[find]((element) => equals(adapt(element), wanted, frame));
  };

export const listIndexOf = position('indexOf', 'findIndex');
export const listLastIndexOf = position('lastIndexOf', 'findLastIndex');

/** Kubernetes' functions on lists; `indexOf` and `lastIndexOf` are declared with those on strings, whose names they share. */
export const LIST_FUNCTIONS: FunctionDeclaration[] = [
  through('isSorted', isSorted),
  through('sum', sum),
  extreme('min', -1),
  extreme('max', 1),
];
