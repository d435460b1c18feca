import { equals } from '../equality.ts';
import { charge, type Frame } from '../frame.ts';
import { adapt, noSuchOverload, type Value } from '../values.ts';
import { type FunctionDeclaration, global } from './declaration.ts';

type List = readonly unknown[];

const holds = (list: List, wanted: unknown, frame: Frame): boolean =>
  list.some((element) => equals(adapt(element), adapt(wanted), frame));

const containsAll = (list: List, part: List, frame: Frame): boolean =>
  part.every((element) => holds(list, element, frame));

/** A relation of two lists; each element of one is held against each of the other, `passes` times. */
const relation = (
  name: string,
  passes: number,
  decide: (a: List, b: List, frame: Frame) => boolean,
): FunctionDeclaration =>
  global(name, 2, (frame: Frame, a: Value, b: Value): Value => {
    if (!Array.isArray(a) || !Array.isArray(b)) return noSuchOverload(name, a, b);
    charge(frame, 1 + passes * a.length * b.length);
    return decide(a, b, frame);
  });

/** The sets extension of cel-go: lists as sets. */
export const SET_FUNCTIONS: FunctionDeclaration[] = [
  relation('sets.contains', 1, containsAll),
  relation('sets.intersects', 1, (a, b, frame) => a.some((element) => holds(b, element, frame))),
  relation('sets.equivalent', 2, (a, b, frame) => containsAll(a, b, frame) && containsAll(b, a, frame)),
];
