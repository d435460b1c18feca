import type { Enforcement, Verdict } from '@breakwater/model';
import { CelError, CelTooLarge, CelUnknown, type Value } from './cel/index.ts';
import type { Element } from './facts/workload.ts';

/** What a policy says of a subject or of one element of it. */
export interface Outcome {
  element?: Element | undefined;
  verdict: Verdict;
  /** The title of the policy stands in where it is empty. */
  message: string;
  /** Facts that were missing, for `unknown`. */
  missing: readonly string[];
  /** Undecided for limits of our own. */
  tooLarge?: boolean;
  /** Path to the field at fault inside the object; that of the element when absent. */
  pointer?: readonly (string | number)[];
  /** Of this outcome alone, where a language lets parts of a policy enforce differently. */
  enforcement?: Enforcement;
  /** Name of an exception in the policy's own language that covers it. */
  exception?: string;
}

/** The outcome where an expression gave no true or false: why nothing can be said. */
export function undecided(value: Value): Outcome {
  if (value instanceof CelUnknown) {
    return { verdict: 'unknown', message: `not known: ${value.$missing.join(', ')}`, missing: value.$missing };
  }
  const reason = value instanceof CelError ? value.$message : 'the rule gives no true or false';
  const tooLarge = value instanceof CelTooLarge;
  return { verdict: 'unknown', message: `could not be judged: ${reason}`, missing: [], ...(tooLarge && { tooLarge }) };
}
