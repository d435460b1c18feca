import { sizeOf } from './cost/sizes.ts';
import { equals } from './equality.ts';
import { charge, type Evaluator, type Frame, labour, traversal } from './frame.ts';
import { compareNumbers } from './numbers.ts';
import { compareStrings } from './strings.ts';
import { Duration, Failure, noSuchOverload, Opaque, Timestamp, type Value } from './values.ts';

/** `==` and `!=`, which are defined for values of any kinds. */
export function compileEquality(left: Evaluator, right: Evaluator, wanted: boolean): Evaluator {
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a === 'string' && typeof b === 'string') {
      charge(frame, traversal(Math.min(a.length, b.length)));
      return (a === b) === wanted;
    }
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) frame.cost++;
    if (a instanceof Failure || b instanceof Failure) return noSuchOverload(wanted ? '_==_' : '_!=_', a, b);
    if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
      charge(frame, wanted && a instanceof Opaque ? 1 : traversal(Math.min(sizeOf(a), sizeOf(b))));
    }
    return equals(a, b, frame) === wanted;
  };
}

/** Order of two values of one kind; undefined where NaN takes part, null where there is none. */
export function order(a: Value, b: Value, frame: Frame): number | undefined | null {
  if (typeof a === 'string' && typeof b === 'string') {
    labour(frame, traversal(Math.min(a.length, b.length)));
    return compareStrings(a, b);
  }
  const numeric = compareNumbers(a, b);
  if (numeric !== null) return numeric;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Timestamp && b instanceof Timestamp) {
    return Math.sign(a.$seconds - b.$seconds || a.$nanos - b.$nanos);
  }
  if (a instanceof Duration && b instanceof Duration) return a.$nanos < b.$nanos ? -1 : Number(a.$nanos > b.$nanos);
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    labour(frame, traversal(Math.min(a.length, b.length)));
    const different = a.findIndex((byte, index) => byte !== b[index]);
    return different < 0 ? Math.sign(a.length - b.length) : Math.sign((a[different] ?? 0) - (b[different] ?? -1));
  }
  return null;
}

const TESTS: Record<'<' | '<=' | '>' | '>=', (a: number, b: number) => boolean> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `<`, `<=`, `>`, `>=`. */
export function compileOrder(operator: keyof typeof TESTS, left: Evaluator, right: Evaluator): Evaluator {
  const test = TESTS[operator];
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a === 'number' && typeof b === 'number') {
      frame.cost++;
      return test(a, b);
    }
    const hasLength = typeof a === 'string' || a instanceof Uint8Array;
    charge(frame, hasLength ? traversal(Math.min(sizeOf(a), sizeOf(b))) : 1);
    const result = order(a, b, frame);
    if (result === null) return noSuchOverload(`_${operator}_`, a, b);
    return result === undefined ? false : test(result, 0);
  };
}
