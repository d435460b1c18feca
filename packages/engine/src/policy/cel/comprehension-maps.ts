import { begin, type Loop, notBoolean, turn } from './comprehension.ts';
import { LIST_PRICE, MAP_PRICE } from './construction.ts';
import { charge, type Evaluator, type Frame } from './frame.ts';
import { sortByKeys } from './functions/list-extensions.ts';
import { addEntry, readKey } from './maps.ts';
import {
  adapt,
  CelError,
  CelMap,
  elementsOf,
  Failure,
  isJsonMap,
  mergeFailures,
  noSuchOverload,
  type Value,
} from './values.ts';

const RESULT = 1;
const SKIP = 1;
const INSERT = 3;
const INSERT_ENTRY = 2;

/** `transformMap` keeps the keys; `transformMapEntry` makes entries of its own, no two with one key. */
export function compileTransformMap(
  loop: Loop,
  condition: Evaluator | undefined,
  result: Evaluator,
  makesEntries: boolean,
): Evaluator {
  const insert = makesEntries ? addEntries : addValue;
  return (frame) => {
    const subject = loop.target(frame);
    const elements = begin(subject, frame);
    if (elements === undefined) return noSuchOverload('transformMap', subject);
    frame.cost += MAP_PRICE + RESULT;
    const map = new CelMap();
    let failure: Failure | undefined;
    for (let index = 0; index < elements.length; index++) {
      turn(frame, loop, subject, elements[index], index);
      const verdict = condition === undefined ? true : condition(frame);
      charge(frame, verdict === true ? (makesEntries ? INSERT_ENTRY : INSERT) : SKIP);
      if (verdict === false) continue;
      const problem = verdict === true ? insert(map, frame, loop.slot, result(frame)) : notBoolean(verdict);
      if (problem !== undefined) failure = failure === undefined ? problem : mergeFailures(failure, problem);
    }
    return failure ?? map;
  };
}

const repeated = (): Failure => new CelError('insert failed: a key of the map is repeated or of a wrong type');

function addValue(map: CelMap, frame: Frame, slot: number, value: Value): Failure | undefined {
  if (value instanceof Failure) return value;
  return addEntry(map, frame.slots[slot] as Value, value) ? undefined : repeated();
}

function addEntries(map: CelMap, frame: Frame, _: number, entries: Value): Failure | undefined {
  if (!(entries instanceof CelMap) && !isJsonMap(entries)) return noSuchOverload('transformMapEntry', entries);
  const keys = elementsOf(entries) ?? [];
  charge(frame, Math.floor(keys.length / 10));
  for (const key of keys) {
    if (!addEntry(map, key as Value, readKey(entries, key as Value) ?? null)) return repeated();
  }
  return undefined;
}

/** `list.sortBy(x, key)`: the elements in the order of their keys. */
export function compileSortBy(loop: Loop, key: Evaluator): Evaluator {
  return (frame) => {
    const subject = loop.target(frame);
    if (!Array.isArray(subject)) return noSuchOverload('sortBy', subject);
    frame.cost += LIST_PRICE + RESULT;
    const keys: Value[] = [];
    for (const element of subject) {
      charge(frame, LIST_PRICE + 2);
      frame.slots[loop.slot] = adapt(element);
      const value = key(frame);
      if (value instanceof Failure) return value;
      keys.push(value);
    }
    return sortByKeys(frame, subject, keys);
  };
}
