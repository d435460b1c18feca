import type { DimensionArming } from './arming.ts';
import { type Issued, type IssuedPolicies, type IssuedRecord, recordOf } from './issued-policies.ts';

/** What became of one target between two issues. */
export interface ReissuedPolicy {
  target: string;
  change: 'issued' | 'altered' | 'withdrawn' | 'unchanged';
  before?: Issued['step'];
  after?: Issued['step'];
  version?: string;
}

/** What changes when policies are issued again, and why: sentences that stand for the whole difference. */
export interface Reissue {
  from: string;
  to: string;
  policies: ReissuedPolicy[];
  /** Behaviours that are let now, and no longer: each with what speaks for it. */
  added: string[];
  removed: string[];
  /** Dimensions that arm or fall back, each with the reason. */
  arming: string[];
}

/**
 * The difference of two issues of one container: only targets whose version differs are to be applied again. `before` is
 * undefined for the first.
 */
export function reissue(before: IssuedRecord | undefined, after: IssuedPolicies): Reissue {
  const old = new Map(before?.targets.map((one) => [one.target, one]));
  const now = new Map(recordOf(after).targets.map((one) => [one.target, one]));
  const names = [...new Set([...old.keys(), ...now.keys()])];
  const known = new Map(before?.allowed.map((one) => [one.key, one]));
  const let_ = new Map(after.allowed.map((one) => [one.key, one]));
  return {
    from: before?.version ?? '',
    to: after.version,
    policies: names.map((target) => changeOf(target, old.get(target), now.get(target))),
    added: [...let_.values()]
      .filter(({ key }) => !known.has(key))
      .map(({ sentence, because }) => `${sentence}: ${because}`),
    removed: [...known.values()].filter(({ key }) => !let_.has(key)).map(({ sentence }) => sentence),
    arming: after.arming.flatMap((state, at) => armingChange(before?.arming[at], state)),
  };
}

type Told = Pick<Issued, 'step' | 'version'>;

function changeOf(target: string, before: Told | undefined, after: Told | undefined): ReissuedPolicy {
  const was = before === undefined || before.step === 'none' ? undefined : before;
  const is = after === undefined || after.step === 'none' ? undefined : after;
  const steps = { ...(was && { before: was.step }), ...(is && { after: is.step, version: is.version }) };
  if (was?.version === is?.version) return { target, change: 'unchanged', ...steps };
  if (was === undefined) return { target, change: 'issued', ...steps };
  return { target, change: is === undefined ? 'withdrawn' : 'altered', ...steps };
}

/** What blocks no more, or not yet where it is issued for the first time, is told with what is missing. */
function armingChange(
  before: DimensionArming | undefined,
  { dimension, isSeen, isArmed, note }: DimensionArming,
): string[] {
  if (before === undefined && isSeen && !isArmed) return [`${dimension} only tells: ${note}`];
  if ((before?.isArmed ?? false) === isArmed) return [];
  return [isArmed ? `${dimension} blocks now: ${note}` : `${dimension} falls back to telling: ${note}`];
}
