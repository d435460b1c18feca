import { charge, type Evaluator, type Frame, labour, traversal } from './frame.ts';
import { adapt, CelError, elementsOf, Failure, mergeFailures, noSuchOverload, type Value } from './values.ts';

/** Price of one turn of a loop beside what its body costs. */
const TURN = 3;

const begin = (target: Value, frame: Frame): readonly unknown[] | undefined => {
  const elements = elementsOf(target);
  if (elements !== undefined && elements !== target) labour(frame, traversal(elements.length));
  return elements;
};

const notIterable = (name: string, target: Value): Value => noSuchOverload(name, target);

const notBoolean = (value: Value): Failure =>
  value instanceof Failure ? value : new CelError('the condition of a macro is no boolean');

/**
 * `all` (`decisive` is false) and `exists` (`decisive` is true): the first element that decides ends it, and what
 * another element failed with is then forgotten, as with `&&` and `||`.
 */
export function compileQuantifier(target: Evaluator, slot: number, condition: Evaluator, decisive: boolean): Evaluator {
  return (frame) => {
    const subject = target(frame);
    const elements = Array.isArray(subject) ? subject : begin(subject, frame);
    if (elements === undefined) return notIterable(decisive ? 'exists' : 'all', subject);
    let failure: Failure | undefined;
    for (let index = 0; index < elements.length; index++) {
      charge(frame, TURN);
      frame.slots[slot] = adapt(elements[index]);
      const verdict = condition(frame);
      if (verdict === decisive) return decisive;
      if (typeof verdict !== 'boolean') {
        const next = notBoolean(verdict);
        failure = failure === undefined ? next : mergeFailures(failure, next);
      }
    }
    return failure ?? !decisive;
  };
}

/** `exists_one`: a failure for any element is the failure of the whole. */
export function compileExistsOne(target: Evaluator, slot: number, condition: Evaluator): Evaluator {
  return (frame) => {
    const subject = target(frame);
    const elements = begin(subject, frame);
    if (elements === undefined) return notIterable('exists_one', subject);
    let found = 0;
    let failure: Failure | undefined;
    for (const element of elements) {
      charge(frame, TURN);
      frame.slots[slot] = adapt(element);
      const verdict = condition(frame);
      if (verdict === true) found++;
      else if (verdict !== false) failure = mergeFailures(failure ?? notBoolean(verdict), notBoolean(verdict));
    }
    return failure ?? found === 1;
  };
}

/** `filter` and `map`, with or without condition; without `result` the element itself is kept. */
export function compileCollect(target: Evaluator, slot: number, condition?: Evaluator, result?: Evaluator): Evaluator {
  return (frame) => {
    const subject = target(frame);
    const elements = begin(subject, frame);
    if (elements === undefined) return notIterable(result === undefined ? 'filter' : 'map', subject);
    const kept: Value[] = [];
    let failure: Failure | undefined;
    for (const item of elements) {
      charge(frame, TURN);
      const element = adapt(item);
      frame.slots[slot] = element;
      const verdict = condition === undefined ? true : condition(frame);
      if (verdict === false) continue;
      const value = verdict === true ? (result === undefined ? element : result(frame)) : notBoolean(verdict);
      if (!(value instanceof Failure)) kept.push(value);
      else failure = failure === undefined ? value : mergeFailures(failure, value);
    }
    return failure ?? kept;
  };
}
