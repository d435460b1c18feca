import type { Value } from '../values.ts';
import { type Operand, type Price, TRAVERSAL } from './prices.ts';
import { ANY_SIZE, exactly, multiply, plus, type Range, scale, UNBOUNDED } from './range.ts';
import { sizeOf } from './sizes.ts';

/** Reading the operand and making the result. */
const TWICE = 2 * TRAVERSAL;

const size = (operands: readonly Operand[], index: number): Range => operands[index]?.size ?? ANY_SIZE;
const paid = (text: Value): number => Math.ceil(sizeOf(text) * TWICE);

/** How often a part can occur, and how much of the text stays beside what is put in its place. */
function replacements(text: number, part: number, grows: boolean): { count: number; kept: number } {
  if (part === 0) return { count: text < UNBOUNDED ? text + 1 : text, kept: text };
  return grows ? { count: Math.ceil(text / part), kept: 0 } : { count: 0, kept: text };
}

/** `replace`: at most every shortest part becomes the longest replacement. */
export const REPLACE: Price = {
  pay: paid,
  estimate(operands) {
    const [text, part, by] = [size(operands, 0), size(operands, 1), size(operands, 2)];
    const most = replacements(text.max, part.min, by.max > part.min);
    const least = replacements(text.min, part.max, part.max > by.min);
    const count = { min: least.count, max: most.count };
    return { cost: scale(text, TWICE), size: plus(multiply(count, by), { min: least.kept, max: most.kept }) };
  },
};

/** `split`: at most every character becomes an element, or as many as the limit allows. */
export const SPLIT: Price = {
  pay: paid,
  estimate(operands) {
    const text = size(operands, 0);
    const limit = operands[2]?.node;
    const bound = limit?.kind === 'literal' && typeof limit.value === 'number' ? limit.value : text.max;
    return { cost: scale(text, TWICE), size: { min: 0, max: bound < 0 ? UNBOUNDED : bound } };
  },
};

/** `join`: paid by the length of the result. */
export const JOIN: Price = {
  pay: () => 0,
  payResult: (result) => Math.ceil(sizeOf(result) * TWICE),
  estimate(operands) {
    const list = size(operands, 0);
    const elements = multiply(list, operands[0]?.elementSize ?? ANY_SIZE);
    const gaps = { min: Math.max(0, list.min - 1), max: Math.max(0, list.max - 1) };
    const separators = operands[1] === undefined ? exactly(0) : multiply(operands[1].size, gaps);
    const whole = plus(elements, separators);
    return { cost: scale(whole, TRAVERSAL), size: whole };
  },
};
