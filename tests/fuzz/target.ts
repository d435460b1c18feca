/** A valid input that others are made from. */
export interface Seed {
  /** What it is, within its target: `an installed package: usr/lib/a.json`. What is made from it keeps the label. */
  label: string;
  bytes: Uint8Array;
}

/** A parser of foreign input, and what it promises. */
export interface FuzzTarget {
  name: string;
  seeds(): Seed[];
  /**
   * Parses one input. Throwing breaks the promise, whatever is thrown: an answer that the parser means to throw (an
   * `ExpressionError`) is caught here, and an output that breaks its schema is thrown here.
   */
  parse(input: Seed): unknown;
  /** Label of a file of a stranger's folder that may serve as a seed; undefined where it is none. Absent: all may. */
  labelOf?(path: string): string | undefined;
  /** CPU milliseconds that any input may take. Default 250. */
  floor?: number;
  /** And for each KiB of it. Default 4. */
  perKib?: number;
}
