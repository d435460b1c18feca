import type { Exception, Phase, PolicyResult, Unknown } from '@breakwater/model';
import type { Judgement } from './open-judgement.ts';

/**
 * What is to be done about an exception: nothing; renewed or left to end; taken away, because it has ended, or because
 * it covers nothing in the targets, or nothing that another does not cover too.
 */
export type ExceptionState = 'in-force' | 'ends-soon' | 'ended' | 'covers-nothing' | 'covered-by-another';

export interface ReviewedException {
  exception: Exception;
  state: ExceptionState;
  /** Days left, the last included; negative when it has ended. */
  days: number;
  /** What it covers, or what counts again since it ended: undefined where no targets were given. */
  covers?: PolicyResult[];
}

export interface ExceptionReview {
  exceptions: ReviewedException[];
  unknowns: Unknown[];
}

const PHASES: readonly Phase[] = ['build', 'deploy', 'run'];
const DAY = 24 * 60 * 60 * 1000;
/** Stands for no end. */
const FOREVER = '9999-12-31';

/**
 * Says of every exception whether it still counts and for what, in every phase.
 *
 * @param within days before its end from which an exception ends soon.
 */
export function reviewExceptions(judgement: Judgement, within: number, hasTargets: boolean): ExceptionReview {
  const { set, unknowns } = judgement;
  /* Those that have ended are asked last: they must not seem to do what others do. */
  const order = [...set.exceptions].sort((a, b) => Number(daysLeft(a, set.now) < 1) - Number(daysLeft(b, set.now) < 1));
  const covered = hasTargets ? coveredBy(judgement, order) : undefined;
  const exceptions = set.exceptions.map((exception): ReviewedException => {
    const { name } = exception.metadata;
    const days = daysLeft(exception, set.now);
    const covers = covered?.whole.get(name) ?? [];
    let state: ExceptionState = days <= within ? 'ends-soon' : 'in-force';
    if (covered !== undefined && !covered.first.has(name)) {
      state = covers.length === 0 ? 'covers-nothing' : 'covered-by-another';
    }
    if (days < 1) state = 'ended';
    return { exception, state, days, ...(covered === undefined ? {} : { covers }) };
  });
  return { exceptions, unknowns };
}

/** Days on which it still counts, today included. */
const daysLeft = ({ spec }: Exception, now: string): number =>
  Math.round((Date.parse(spec.expires) - Date.parse(now.slice(0, 10))) / DAY) + 1;

/**
 * What each exception covers, whether it has ended or not: `first`, of those that are asked first; `whole`, of each by
 * itself. Results name the first exception that covers them, so those that none named are judged again without the others.
 */
function coveredBy(judgement: Judgement, exceptions: readonly Exception[]) {
  const first = resultsByException(judgement, exceptions);
  const whole = new Map(first);
  let rest = exceptions.filter(({ metadata }) => !whole.has(metadata.name));
  while (rest.length > 0) {
    const more = resultsByException(judgement, rest);
    if (more.size === 0) break;
    for (const [name, results] of more) whole.set(name, results);
    rest = rest.filter(({ metadata }) => !whole.has(metadata.name));
  }
  return { first, whole };
}

function resultsByException(judgement: Judgement, exceptions: readonly Exception[]): Map<string, PolicyResult[]> {
  const endless = exceptions.map((exception) => ({ ...exception, spec: { ...exception.spec, expires: FOREVER } }));
  const results = judgeAll(judgement, endless).filter(({ exception }) => exception !== undefined);
  return Map.groupBy(results, ({ exception }) => exception ?? '');
}

/** What fails or is not decided in any phase, of the policies that exceptions are for. */
function judgeAll({ judge, set }: Judgement, exceptions: readonly Exception[]): PolicyResult[] {
  const names = new Set(exceptions.flatMap(({ spec }) => spec.policies));
  const policies = set.policies.filter(({ policy }) => names.has(policy.metadata.name));
  return PHASES.flatMap((phase) => judge(phase, { policies, exceptions: [...exceptions] }));
}

/** What exceptions would silence that counts today. */
export interface ExceptionPreview {
  /** Each with the exception that would cover it. */
  silenced: PolicyResult[];
  /** Of the exceptions, those that would cover nothing that counts today. */
  idle: Exception[];
}

/** Shows what further exceptions would do if they were in force. */
export function previewExceptions(judgement: Judgement, proposed: readonly Exception[]): ExceptionPreview {
  const names = new Set(proposed.map(({ metadata }) => metadata.name));
  const inForce = judgement.set.exceptions.filter(({ metadata }) => !names.has(metadata.name));
  const silenced = judgeAll(judgement, [...inForce, ...proposed]).filter(
    ({ exception }) => exception !== undefined && names.has(exception),
  );
  const used = new Set(silenced.map(({ exception }) => exception));
  return { silenced, idle: proposed.filter(({ metadata }) => !used.has(metadata.name)) };
}
