import { sizeOfMap } from '../maps.ts';
import { A, BOOL, listOf, optionalOf } from '../types.ts';
import {
  adapt,
  CelError,
  CelMap,
  Double,
  Duration,
  Failure,
  isJsonMap,
  NONE,
  noSuchOverload,
  Optional,
  Timestamp,
  Uint,
  type Value,
} from '../values.ts';
import { type FunctionDeclaration, global, member } from './declaration.ts';

/** Whether a value is the one that its type begins with: 0, '', [], null ... */
function isZero(value: Value): boolean {
  if (value === null || value === false || value === 0 || value === 0n || value === '') return true;
  if (value instanceof Double) return value.$value === 0;
  if (value instanceof Uint) return value.$value === 0n;
  if (value instanceof Duration) return value.$nanos === 0n;
  if (value instanceof Timestamp) return value.$seconds === 0 && value.$nanos === 0;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof CelMap || isJsonMap(value)) return sizeOfMap(value) === 0;
  return value instanceof Optional && value.$value === undefined;
}

/** The values of the optionals that have one. */
function unwrap(list: readonly unknown[]): Value {
  const values: Value[] = [];
  for (const item of list) {
    const element = adapt(item);
    if (!(element instanceof Optional)) return noSuchOverload('optional.unwrap', element);
    if (element.$value !== undefined) values.push(element.$value);
  }
  return values;
}

/** What is no optional is given as it is, as cel-go does where types are not known. */
const given = (value: Value): Value | undefined => (value instanceof Failure ? undefined : value);

/** Optional values; `optMap` and `optFlatMap` are macros. */
export const OPTIONAL_FUNCTIONS: FunctionDeclaration[] = [
  global('optional.of', [A], optionalOf(A), (_, value) => new Optional(value)),
  global('optional.none', [], optionalOf(A), () => NONE),
  global('optional.ofNonZeroValue', [A], optionalOf(A), (_, value) => (isZero(value) ? NONE : new Optional(value))),
  global('optional.unwrap', [listOf(optionalOf(A))], listOf(A), (_, list) => unwrap(list)),
  member('unwrapOpt', [listOf(optionalOf(A))], listOf(A), (_, list) => unwrap(list)),
  {
    ...member('or', [optionalOf(A), optionalOf(A)], optionalOf(A), (_, a: Optional, b) =>
      a.$value === undefined ? b : a,
    ),
    decides: (first) => (first instanceof Optional ? (first.$value === undefined ? undefined : first) : given(first)),
  },
  {
    ...member('orValue', [optionalOf(A), A], A, (_, a: Optional, b) => a.$value ?? b),
    decides: (first) => (first instanceof Optional ? first.$value : given(first)),
  },
  member('hasValue', [optionalOf(A)], BOOL, (_, optional: Optional) => optional.$value !== undefined),
  member(
    'value',
    [optionalOf(A)],
    A,
    (_, optional: Optional) => optional.$value ?? new CelError('optional.none() dereference'),
  ),
];
