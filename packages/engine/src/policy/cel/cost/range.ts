/** Least and most, of units of cost or of elements of a value. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What stands for "without bound": the greatest unsigned integer of 64 bits, as Kubernetes prints it. */
export const UNBOUNDED = 2 ** 64;

const bounded = (value: number): number => Math.min(value, UNBOUNDED);
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : bounded(a * b));

export const exactly = (value: number): Range => ({ min: value, max: value });
export const ANY_SIZE: Range = { min: 0, max: UNBOUNDED };

export const plus = (a: Range, b: Range): Range => ({ min: bounded(a.min + b.min), max: bounded(a.max + b.max) });
export const multiply = (a: Range, b: Range): Range => ({ min: times(a.min, b.min), max: times(a.max, b.max) });
export const union = (a: Range, b: Range): Range => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) });

/** The part of a size that is paid for, rounded up. */
export const scale = ({ min, max }: Range, factor: number): Range => ({
  min: bounded(Math.ceil(min * factor)),
  max: bounded(Math.ceil(max * factor)),
});
