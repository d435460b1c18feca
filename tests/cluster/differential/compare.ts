import { type CompiledPolicy, evaluatePolicies, type PolicySubject } from '@breakwater/engine/policy';
import type { Exception, PolicyResult } from '@breakwater/model';
import type { Refusal } from './installed-policies.ts';

/** What one side says of an object by one policy. */
export interface Judgement {
  verdict: 'pass' | 'fail' | 'unknown';
  /** Every sentence, sorted. */
  messages: string[];
  /** Whether a part could not be evaluated: an API server then has no message for what failed beside it. */
  isPartial?: boolean;
}

/** Where the two sides say different things. */
export interface Disagreement {
  policy: string;
  ours: Judgement;
  theirs: Judgement;
}

/**
 * Holds what our evaluator says of a subject against what the API server said. What an exception covers counts as passed
 * and a policy that has nothing to say too: an API server knows neither.
 */
export function disagreements(
  policies: readonly CompiledPolicy[],
  results: readonly PolicyResult[],
  refusals: readonly Refusal[],
): Disagreement[] {
  return policies.flatMap(({ policy: { metadata } }) => {
    const ours = judgementOf(
      results.filter(
        ({ policy, verdict, exception }) => policy === metadata.name && verdict !== 'pass' && exception === undefined,
      ),
    );
    const theirs = judgementOfRefusals(refusals.filter(({ policy }) => policy === `breakwater-${metadata.name}`));
    return agree(ours, theirs) ? [] : [{ policy: metadata.name, ours, theirs }];
  });
}

const agree = (ours: Judgement, theirs: Judgement): boolean =>
  ours.verdict === theirs.verdict &&
  (ours.isPartial === true || JSON.stringify(ours.messages) === JSON.stringify(theirs.messages));

function judgementOf(results: readonly PolicyResult[]): Judgement {
  const failed = results.filter(({ verdict }) => verdict === 'fail');
  if (failed.length === 0) return { verdict: results.length === 0 ? 'pass' : 'unknown', messages: [] };
  const messages = sorted(failed.map(({ message }) => message));
  return { verdict: 'fail', messages, isPartial: failed.length < results.length };
}

/** Every sentence once and trimmed: an API server warns of the same but once. */
const sorted = (messages: string[]): string[] =>
  [...new Set(messages.flatMap((text) => text.split('; ')).map((text) => text.trim()))].sort();

/** An expression that could not be evaluated says so; a rule that failed says what its message does. */
function judgementOfRefusals(refusals: readonly Refusal[]): Judgement {
  const failed = refusals.filter(
    ({ message }) => !(message.startsWith("expression '") && message.includes("' resulted in error: ")),
  );
  if (failed.length === 0) return { verdict: refusals.length === 0 ? 'pass' : 'unknown', messages: [] };
  return { verdict: 'fail', messages: sorted(failed.map(({ message }) => message)) };
}

/** The results of all policies for what an admission request carries. */
export const judge = (
  policies: readonly CompiledPolicy[],
  subject: PolicySubject,
  exceptions: readonly Exception[],
  today: string,
): PolicyResult[] => evaluatePolicies(policies, subject, 'deploy', exceptions, `${today}T12:00:00Z`);
