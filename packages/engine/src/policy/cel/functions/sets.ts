import { product } from '../cost/prices.ts';
import { equals } from '../equality.ts';
import type { Frame } from '../frame.ts';
import { A, BOOL, listOf } from '../types.ts';
import { adapt } from '../values.ts';
import { type FunctionDeclaration, global } from './declaration.ts';

type List = readonly unknown[];

const holds = (list: List, wanted: unknown, frame: Frame): boolean =>
  list.some((element) => equals(adapt(element), adapt(wanted), frame));

const containsAll = (list: List, part: List, frame: Frame): boolean =>
  part.every((element) => holds(list, element, frame));

const relation = (
  name: string,
  passes: number,
  decide: (a: List, b: List, frame: Frame) => boolean,
): FunctionDeclaration =>
  global(name, [listOf(A), listOf(A)], BOOL, (frame, a: List, b: List) => decide(a, b, frame), product(passes));

/** The sets extension of cel-go: lists as sets. */
export const SET_FUNCTIONS: FunctionDeclaration[] = [
  relation('sets.contains', 1, containsAll),
  relation('sets.intersects', 1, (a, b, frame) => a.some((element) => holds(b, element, frame))),
  relation('sets.equivalent', 2, (a, b, frame) => containsAll(a, b, frame) && containsAll(b, a, frame)),
];
