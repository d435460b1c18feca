import type { Phase, PolicyResult, Verdict } from '@breakwater/model';

export interface GateDecision {
  verdict: Verdict;
  /** What refuses. */
  failing: PolicyResult[];
  /** What a gating policy could not decide. */
  unknown: PolicyResult[];
}

/**
 * The gate of a phase: only policies that block there decide, and nothing that an exception covers. One failure
 * fails it whatever else is unknown; else an unknown leaves it unknown, for incomplete is never clean.
 */
export function gate(results: readonly PolicyResult[], phase: Phase): GateDecision {
  const gating = results.filter(
    (result) => result.phase === phase && result.enforcement === 'block' && result.exception === undefined,
  );
  const failing = gating.filter((result) => result.verdict === 'fail');
  const unknown = gating.filter((result) => result.verdict === 'unknown');
  return { verdict: failing.length > 0 ? 'fail' : unknown.length > 0 ? 'unknown' : 'pass', failing, unknown };
}
