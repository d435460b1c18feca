import { isInt } from './numbers.ts';
import type { CelType } from './types.ts';
import { Boxed, CelMap, Double, Failure, isJsonMap, Uint, type Value } from './values.ts';

type Acceptor = (value: Value) => boolean;

const isString: Acceptor = (value) => typeof value === 'string';
const isNumber: Acceptor = (value) => typeof value === 'number' || isInt(value);
const isAnything: Acceptor = (value) => !(value instanceof Failure);

const ACCEPTORS: Readonly<Record<string, Acceptor>> = {
  string: isString,
  int: isNumber,
  bool: (value) => typeof value === 'boolean',
  uint: (value) => value instanceof Uint,
  double: (value) => value instanceof Double,
  bytes: (value) => value instanceof Uint8Array,
  null_type: (value) => value === null,
  list: (value) => Array.isArray(value),
  map: (value) => value instanceof CelMap || isJsonMap(value),
};

const boxed = new Map<string, Acceptor>();

/** Tests whether a value is of a type. Elements of lists and maps are not looked at: functions do that themselves. */
export function acceptorOf({ name }: CelType): Acceptor {
  if (name === 'dyn' || name.startsWith('%')) return isAnything;
  const known = ACCEPTORS[name] ?? boxed.get(name);
  if (known !== undefined) return known;
  const acceptor: Acceptor = (value) => value instanceof Boxed && value.$kind === name;
  boxed.set(name, acceptor);
  return acceptor;
}
