import {
  A,
  B,
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  isParameter,
  listOf,
  mapOf,
  optionalOf,
  STRING,
  TIMESTAMP,
  UINT,
} from '../types.ts';

/** What an operator takes and gives. */
export interface Signature {
  operands: readonly CelType[];
  result: CelType;
}

const hasParameter = (type: CelType): boolean => isParameter(type) || type.parameters.some(hasParameter);
const generic = new WeakMap<Signature, boolean>();

/** Whether it takes type parameters, which every use makes its own. */
export function isGeneric(overload: Signature): boolean {
  let known = generic.get(overload);
  if (known === undefined) {
    known = overload.operands.some(hasParameter) || hasParameter(overload.result);
    generic.set(overload, known);
  }
  return known;
}

const signature = (operands: readonly CelType[], result: CelType): Signature => ({ operands, result });
const same = (types: readonly CelType[]): Signature[] => types.map((type) => signature([type, type], type));

const NUMBERS = [INT, UINT, DOUBLE];
const ORDERED = [BOOL, STRING, BYTES, TIMESTAMP, DURATION];

const ORDER = [
  ...NUMBERS.flatMap((a) => NUMBERS.map((b) => signature([a, b], BOOL))),
  ...ORDERED.map((type) => signature([type, type], BOOL)),
];
const LOGIC = [signature([BOOL, BOOL], BOOL)];
const EQUALITY = [signature([A, A], BOOL)];
const list = listOf(A);
const map = mapOf(A, B);

const AT = [signature([list, INT], A), signature([map, A], B)];
const OPTIONAL_AT = [
  signature([list, INT], optionalOf(A)),
  signature([map, A], optionalOf(B)),
  signature([optionalOf(list), INT], optionalOf(A)),
  signature([optionalOf(map), A], optionalOf(B)),
];

/** The overloads of every operator, under the names that the specification gives them. */
export const OPERATORS: ReadonlyMap<string, readonly Signature[]> = new Map([
  ['_&&_', LOGIC],
  ['_||_', LOGIC],
  ['_?_:_', [signature([BOOL, A, A], A)]],
  ['!_', [signature([BOOL], BOOL)]],
  ['-_', [signature([INT], INT), signature([DOUBLE], DOUBLE)]],
  ['_==_', EQUALITY],
  ['_!=_', EQUALITY],
  ['_<_', ORDER],
  ['_<=_', ORDER],
  ['_>_', ORDER],
  ['_>=_', ORDER],
  [
    '_+_',
    [
      ...same([...NUMBERS, STRING, BYTES, list, DURATION]),
      signature([TIMESTAMP, DURATION], TIMESTAMP),
      signature([DURATION, TIMESTAMP], TIMESTAMP),
    ],
  ],
  [
    '_-_',
    [
      ...same([...NUMBERS, DURATION]),
      signature([TIMESTAMP, TIMESTAMP], DURATION),
      signature([TIMESTAMP, DURATION], TIMESTAMP),
    ],
  ],
  ['_*_', same(NUMBERS)],
  ['_/_', same(NUMBERS)],
  ['_%_', same([INT, UINT])],
  ['@in', [signature([A, list], BOOL), signature([A, map], BOOL)]],
  ['_[_]', [...AT, ...OPTIONAL_AT.slice(2)]],
  ['_[?_]', OPTIONAL_AT],
  ['_?._', [signature([DYN, STRING], DYN)]],
]);

const resultOfDyn = new Map<string, CelType>();

/** What an operator gives for operands of any type: `dyn` unless its overloads agree. */
export function resultForDyn(name: string, overloads: readonly Signature[]): CelType {
  let known = resultOfDyn.get(name);
  if (known === undefined) {
    const [first = DYN, ...others] = overloads.map(({ result }) => result);
    known = hasParameter(first) || others.some((result) => result !== first) ? DYN : first;
    resultOfDyn.set(name, known);
  }
  return known;
}
