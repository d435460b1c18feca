import { LIST_PRICE } from './construction.ts';
import { charge, type Evaluator, type Frame, labour, traversal } from './frame.ts';
import { readKey } from './maps.ts';
import { adapt, CelError, elementsOf, Failure, mergeFailures, noSuchOverload, type Value } from './values.ts';

/** What a macro goes through, and where its variables are. */
export interface Loop {
  target: Evaluator;
  slot: number;
  /** The slot of the value, where `slot` holds the position or the key. */
  second: number | undefined;
}

/** Prices of the parts that the comprehension behind a macro has, beside what its body costs. */
const RESULT = 1;
const ACCUMULATOR = 1;
const COUNT = 2;
const APPEND = 2 + LIST_PRICE;

/** The elements of a list or keys of a map; undefined for what is neither. */
export function begin(target: Value, frame: Frame): readonly unknown[] | undefined {
  if (Array.isArray(target)) return target;
  const elements = elementsOf(target);
  if (elements !== undefined) labour(frame, traversal(elements.length));
  return elements;
}

/** Sets the variables for one turn. */
export function turn(frame: Frame, { slot, second }: Loop, subject: Value, element: unknown, index: number): void {
  if (second === undefined) {
    frame.slots[slot] = adapt(element);
    return;
  }
  const isList = Array.isArray(subject);
  frame.slots[slot] = isList ? index : (element as Value);
  frame.slots[second] = isList ? adapt(element) : (readKey(subject, element as Value) ?? null);
}

export const notBoolean = (value: Value): Failure =>
  value instanceof Failure ? value : new CelError('the condition of a macro is no boolean');

/**
 * `all` (`decisive` is false) and `exists` (`decisive` is true): the first element that decides ends it, and what
 * another element failed with is then forgotten, as with `&&` and `||`.
 */
export function compileQuantifier(loop: Loop, condition: Evaluator, decisive: boolean): Evaluator {
  const { target, slot, second } = loop;
  const test = decisive ? 3 : 2;
  return (frame) => {
    const subject = target(frame);
    const elements = begin(subject, frame);
    if (elements === undefined) return noSuchOverload(decisive ? 'exists' : 'all', subject);
    frame.cost += RESULT;
    let failure: Failure | undefined;
    for (let index = 0; index < elements.length; index++) {
      charge(frame, test + ACCUMULATOR);
      if (second === undefined) frame.slots[slot] = adapt(elements[index]);
      else turn(frame, loop, subject, elements[index], index);
      const verdict = condition(frame);
      if (verdict === decisive) {
        if (index < elements.length - 1) frame.cost += test;
        return decisive;
      }
      if (typeof verdict !== 'boolean') {
        const next = notBoolean(verdict);
        failure = failure === undefined ? next : mergeFailures(failure, next);
      }
    }
    return failure ?? !decisive;
  };
}

/** `exists_one`: a failure for any element is the failure of the whole. */
export function compileExistsOne(loop: Loop, condition: Evaluator): Evaluator {
  return (frame) => {
    const subject = loop.target(frame);
    const elements = begin(subject, frame);
    if (elements === undefined) return noSuchOverload('exists_one', subject);
    frame.cost += COUNT;
    let found = 0;
    let failure: Failure | undefined;
    for (let index = 0; index < elements.length; index++) {
      turn(frame, loop, subject, elements[index], index);
      const verdict = condition(frame);
      charge(frame, verdict === true ? COUNT : ACCUMULATOR);
      if (verdict === true) found++;
      else if (verdict !== false) failure = mergeFailures(failure ?? notBoolean(verdict), notBoolean(verdict));
    }
    return failure ?? found === 1;
  };
}

/** `filter`, `map` and `transformList`, with or without condition; without `result` the element itself is kept. */
export function compileCollect(loop: Loop, condition?: Evaluator, result?: Evaluator): Evaluator {
  const { slot } = loop;
  return (frame) => {
    const subject = loop.target(frame);
    const elements = begin(subject, frame);
    if (elements === undefined) return noSuchOverload(result === undefined ? 'filter' : 'map', subject);
    frame.cost += LIST_PRICE + RESULT;
    const kept: Value[] = [];
    let failure: Failure | undefined;
    for (let index = 0; index < elements.length; index++) {
      turn(frame, loop, subject, elements[index], index);
      const verdict = condition === undefined ? true : condition(frame);
      if (verdict !== true) {
        charge(frame, ACCUMULATOR);
        if (verdict === false) continue;
        failure = mergeFailures(failure ?? notBoolean(verdict), notBoolean(verdict));
        continue;
      }
      charge(frame, result === undefined ? APPEND + 1 : APPEND);
      const value = result === undefined ? (frame.slots[slot] as Value) : result(frame);
      if (!(value instanceof Failure)) kept.push(value);
      else failure = failure === undefined ? value : mergeFailures(failure, value);
    }
    return failure ?? kept;
  };
}
