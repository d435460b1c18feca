import type { Evaluator } from './frame.ts';
import { canonicalKey, readKey } from './maps.ts';
import { positionOf } from './numbers.ts';
import { adapt, CelMap, Failure, isJsonMap, NONE, noSuchOverload, Optional, type Value } from './values.ts';

const isMap = (value: Value): boolean => value instanceof CelMap || isJsonMap(value);

const some = (value: Value | undefined): Value => {
  if (value === undefined) return NONE;
  return value instanceof Failure ? value : new Optional(value);
};

/** The element of a list or map, if it is there. */
function at(container: Value, index: Value): Value {
  if (container instanceof Failure || index instanceof Failure) return noSuchOverload('_[?_]', container, index);
  if (Array.isArray(container)) {
    const position = positionOf(index);
    if (position === undefined) return noSuchOverload('_[?_]', container, index);
    return position >= 0 && position < container.length ? some(adapt(container[position])) : NONE;
  }
  if (!isMap(container) || canonicalKey(index) === undefined) return noSuchOverload('_[?_]', container, index);
  return some(readKey(container, index));
}

/** `optional[index]`: optional too. */
export const indexOptionally = ({ $value }: Optional, index: Value): Value =>
  $value === undefined ? NONE : at($value, index);

/** `optional.field`: optional too. */
export function selectOptionally({ $value }: Optional, field: string): Value {
  if ($value === undefined) return NONE;
  return isMap($value) ? some(readKey($value, field)) : noSuchOverload('_?._', $value, field);
}

/** `has(optional.field)`: whether both are there. */
export function hasOptionally(optional: Optional, field: string): Value {
  const found = selectOptionally(optional, field);
  return found instanceof Optional ? found.$value !== undefined : found;
}

/** `operand.?field`. */
export function compileOptionalSelect(operand: Evaluator, field: Evaluator): Evaluator {
  return (frame) => {
    frame.cost++;
    const value = operand(frame);
    const name = field(frame) as string;
    return selectOptionally(value instanceof Optional ? value : new Optional(value), name);
  };
}

/** `container[?index]`. */
export function compileOptionalIndex(container: Evaluator, index: Evaluator): Evaluator {
  return (frame) => {
    frame.cost++;
    const value = container(frame);
    const where = index(frame);
    return value instanceof Optional ? indexOptionally(value, where) : at(value, where);
  };
}
