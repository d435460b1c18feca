import type { Node } from '../ast.ts';
import type { CelType } from '../types.ts';
import type { Value } from '../values.ts';
import { exactly, multiply, plus, type Range, scale, UNBOUNDED } from './range.ts';
import { sizeOf, sizeToLeaves } from './sizes.ts';

/** An operand as the estimate sees it. */
export interface Operand {
  node: Node;
  type: CelType;
  size: Range;
  /** Size of the elements of a list, where it is a list of strings or bytes. */
  elementSize: Range | undefined;
}

/** What a call may cost beside its operands, and how large its result may be where that is known. */
export interface CallEstimate {
  cost: Range;
  size?: Range;
}

/**
 * The price of a function: what an evaluation pays, and its bounds for the estimate. Both are Kubernetes' (and
 * cel-go's) figures, since budgets are only worth something when both sides count alike.
 */
export interface Price {
  /** From the first three operands. */
  pay(a: Value, b: Value, c: Value): number;
  estimate(operands: readonly Operand[]): CallEstimate;
  /** Paid after the call, from its result, instead. */
  payResult?(result: Value): number;
}

const ANY = { min: 0, max: UNBOUNDED };
const size = (operands: readonly Operand[], index: number): Range => operands[index]?.size ?? ANY;

/** A tenth of a unit a character, rounded up. */
export const TRAVERSAL = 0.1;
/** A quarter of a unit a character of a pattern. */
const PATTERN = 0.25;

/** The same for every call. */
export const fixed = (units: number): Price => ({
  pay: () => units,
  estimate: () => ({ cost: exactly(units) }),
});

/** One unit: whatever does not grow with its operands. */
export const NOMINAL: Price = fixed(1);

/** Going through one operand, `factor` units an element; the result may be as large as the operand. */
export const traverse = (index: 0 | 1, factor = TRAVERSAL, keepsSize = false): Price => ({
  pay: index === 0 ? (a) => Math.ceil(sizeOf(a) * factor) : (_, b) => Math.ceil(sizeOf(b) * factor),
  estimate: (operands) => {
    const whole = size(operands, index);
    return { cost: scale(whole, factor), ...(keepsSize ? { size: whole } : {}) };
  },
});

/** A conversion between strings and bytes, whose lengths differ by up to four times. */
export const recode = (least: number, most: number): Price => ({
  ...traverse(0),
  estimate: (operands) => {
    const whole = size(operands, 0);
    const result = { min: Math.floor(whole.min * least), max: Math.min(UNBOUNDED, whole.max * most) };
    return { cost: scale(whole, TRAVERSAL), size: result };
  },
});

/** A search for one string inside another. */
export const SEARCH: Price = {
  pay: (text, part) => Math.ceil(sizeOf(text) * TRAVERSAL) * Math.ceil(sizeOf(part) * TRAVERSAL),
  estimate: (operands) => ({
    cost: multiply(scale(size(operands, 0), TRAVERSAL), scale(size(operands, 1), TRAVERSAL)),
  }),
};

const patternEstimate = (operands: readonly Operand[]): Range =>
  multiply(scale(plus(size(operands, 0), exactly(1)), TRAVERSAL), scale(size(operands, 1), PATTERN));

/** A regular expression on a text. */
export const MATCH: Price = {
  pay: (text, pattern) => Math.ceil((1 + sizeOf(text)) * TRAVERSAL) * Math.ceil(sizeOf(pattern) * PATTERN),
  estimate: (operands) => ({ cost: patternEstimate(operands) }),
};

/** Finding what matches: at worst every character is a match of its own. */
export const FIND: Price = {
  pay: MATCH.pay,
  estimate: (operands) => ({ cost: patternEstimate(operands), size: { min: 0, max: size(operands, 0).max } }),
};

/** Going through a list and comparing its elements; strings among them are read. */
export const COMPARE_ELEMENTS: Price = {
  pay: (value) => sizeToLeaves(value),
  estimate: (operands) => {
    const element = operands[0]?.elementSize;
    const each = element === undefined ? exactly(1) : plus(exactly(1), scale(element, TRAVERSAL));
    return { cost: multiply(size(operands, 0), each) };
  },
};

/** A position in a string. */
export const FIND_POSITION: Price = {
  pay: (value) => sizeToLeaves(value),
  estimate: (operands) => ({ cost: scale(size(operands, 0), TRAVERSAL) }),
};

/** Each element of one list held against each of the other, `passes` times; making the result is paid for too. */
export const product = (passes: number): Price => ({
  pay: (a, b) => 1 + passes * sizeOf(a) * sizeOf(b),
  estimate: (operands) => ({
    cost: plus(exactly(1), multiply(exactly(passes), multiply(size(operands, 0), size(operands, 1)))),
  }),
});
