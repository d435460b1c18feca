import { equals } from './equality.ts';
import { charge, type Evaluator, labour } from './frame.ts';
import { canonicalKey, readKey } from './maps.ts';
import { positionOf } from './numbers.ts';
import { hasOptionally, indexOptionally, selectOptionally } from './optional-access.ts';
import {
  adapt,
  adaptNumber,
  CelError,
  CelMap,
  Failure,
  isJsonMap,
  kindOf,
  noSuchOverload,
  Optional,
  type Value,
} from './values.ts';

/** Names that every object, list or byte string answers to in JavaScript: they need to be looked up as own fields. */
const INHERITED = new Set(
  [Object.prototype, Array.prototype, Object.getPrototypeOf(Uint8Array.prototype), Uint8Array.prototype].flatMap(
    (prototype) => Object.getOwnPropertyNames(prototype),
  ),
);

/** `operand.field`. */
export function compileSelect(operand: Evaluator, field: string): Evaluator {
  if (INHERITED.has(field)) {
    return (frame) => {
      frame.cost++;
      return selectSlowly(operand(frame), field);
    };
  }
  return (frame) => {
    frame.cost++;
    const value = operand(frame);
    if (typeof value === 'object' && value !== null) {
      const found = (value as Record<string, unknown>)[field];
      if (typeof found === 'number') return Number.isSafeInteger(found) ? found : adaptNumber(found);
      if (found !== undefined) return found as Value;
    }
    return selectSlowly(value, field);
  };
}

function selectSlowly(value: Value, field: string): Value {
  if (value instanceof Failure) return value;
  if (value instanceof Optional) return selectOptionally(value, field);
  const found = readKey(value, field);
  if (found !== undefined) return found;
  if (value instanceof CelMap || isJsonMap(value)) return new CelError(`no such key: ${field}`);
  return new CelError(`no such overload: ${kindOf(value)} has no field ${field}`);
}

/** `has(operand.field)`: whether the field is there; an unknown field stays unknown. */
export function compileHas(operand: Evaluator, field: string): Evaluator {
  const inherited = INHERITED.has(field);
  return (frame) => {
    const value = operand(frame);
    if (typeof value === 'object' && value !== null && !inherited) {
      const found = (value as Record<string, unknown>)[field];
      if (found !== undefined) return found instanceof Failure ? found : true;
    }
    if (value instanceof Failure) return value;
    if (value instanceof Optional) return hasOptionally(value, field);
    if (!(value instanceof CelMap) && !isJsonMap(value)) {
      return new CelError(`no such overload: ${kindOf(value)} has no field ${field}`);
    }
    const found = readKey(value, field);
    return found instanceof Failure ? found : found !== undefined;
  };
}

function indexInto(container: Value, index: Value): Value {
  if (container instanceof Failure || index instanceof Failure) return noSuchOverload('_[_]', container, index);
  if (container instanceof Optional) return indexOptionally(container, index);
  if (Array.isArray(container)) {
    const position = positionOf(index);
    if (position === undefined) return noSuchOverload('_[_]', container, index);
    if (position < 0 || position >= container.length) return new CelError(`index out of bounds: ${position}`);
    return adapt(container[position]);
  }
  if (!(container instanceof CelMap) && !isJsonMap(container)) return noSuchOverload('_[_]', container, index);
  if (canonicalKey(index) === undefined) return noSuchOverload('_[_]', container, index);
  const found = readKey(container, index);
  return found === undefined ? new CelError(`no such key: ${String(canonicalKey(index))}`) : found;
}

/** `container[index]`. */
export function compileIndex(container: Evaluator, index: Evaluator): Evaluator {
  return (frame) => {
    frame.cost++;
    return indexInto(container(frame), index(frame));
  };
}

/** `item in container`, for lists and the keys of maps. */
export function compileIn(item: Evaluator, container: Evaluator): Evaluator {
  return (frame) => {
    const wanted = item(frame);
    const where = container(frame);
    if (Array.isArray(where) && !(wanted instanceof Failure)) {
      charge(frame, where.length);
      if (typeof wanted === 'string' || typeof wanted === 'boolean') return where.includes(wanted);
      labour(frame, where.length);
      return where.some((element) => equals(wanted, adapt(element), frame));
    }
    frame.cost++;
    if (wanted instanceof Failure || where instanceof Failure) return noSuchOverload('@in', wanted, where);
    if (!(where instanceof CelMap) && !isJsonMap(where)) return noSuchOverload('@in', wanted, where);
    return readKey(where, wanted) !== undefined;
  };
}
