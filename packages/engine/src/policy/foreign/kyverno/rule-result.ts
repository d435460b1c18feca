import type { Outcome } from '../../outcome.ts';
import { JmesPathError, JmesPathUnknown } from '../jmespath/index.ts';

/** What a rule says of an object. */
export type RuleResult =
  | { status: 'pass' | 'skip' }
  | { status: 'fail'; message: string; pointer?: readonly (string | number)[] }
  /** `missing` is empty where something is wrong with the rule itself. */
  | { status: 'unknown'; message: string; missing: readonly string[] };

export const PASS: RuleResult = { status: 'pass' };
export const SKIP: RuleResult = { status: 'skip' };

/** A rule that needs what is not there. */
export const missing = (facts: readonly string[]): RuleResult => ({
  status: 'unknown',
  message: `not known: ${facts.join(', ')}`,
  missing: facts,
});

/** Runs what may throw for its expressions; anything else thrown is a bug. */
export function attempt(work: () => RuleResult): RuleResult {
  try {
    return work();
  } catch (error) {
    if (error instanceof JmesPathUnknown) return missing(error.missing);
    if (!(error instanceof JmesPathError)) throw error;
    return { status: 'unknown', message: `could not be judged: ${error.message}`, missing: [] };
  }
}

/** As an outcome of the policy; undefined where the rule has nothing to say. */
export function outcomeOfRule(result: RuleResult): Outcome | undefined {
  switch (result.status) {
    case 'skip':
      return undefined;
    case 'pass':
      return { verdict: 'pass', message: '', missing: [] };
    case 'fail': {
      const { message, pointer } = result;
      return { verdict: 'fail', message, missing: [], ...(pointer === undefined ? {} : { pointer }) };
    }
    default:
      return { verdict: 'unknown', message: result.message, missing: result.missing };
  }
}
