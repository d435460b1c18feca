import type { BehaviourProfile, LearnedProfile } from '@breakwater/model';
import type { CompileTarget, Confinement, ConfineOptions, ProfileGap } from '../compile-target.ts';
import { type Observed, replay } from '../replay.ts';
import { COMPILE_TARGETS } from '../targets.ts';
import { allowedBehaviours, allowedProfile } from './allowed-profile.ts';
import { armingOf, type Dimension, type DimensionArming, newestRelease, type Running } from './arming.ts';
import { issueGuards } from './issue-guards.ts';
import type { IssuedPolicies, IssuedPolicy, WatchedDimension } from './issued-policies.ts';
import { refusesIn } from './refuses-in.ts';
import { spellBehaviour } from './spell-behaviour.ts';
import { versionOf } from './version.ts';

/** For what, and when, policies are issued. */
export interface IssueOptions extends Omit<ConfineOptions, 'step'> {
  /** ISO 8601: what somebody answers for until then only is no longer let. */
  now: string;
  running?: Running | undefined;
  /** Only these targets. */
  targets?: readonly string[] | undefined;
}

type Confining = CompileTarget & Required<Pick<CompileTarget, 'confine' | 'refuses'>>;

/**
 * Issues everything that holds a container to what it is known to do. Each target refuses only in dimensions that are settled
 * and of a release that is explained; in the others it tells, where it can, and says what is missing. A target that would
 * refuse anything that the profile knows does not refuse in that dimension. The same profile gives the same documents.
 */
export function issuePolicies(learned: LearnedProfile, options: IssueOptions): IssuedPolicies {
  const arming = armingOf(learned, options.running);
  const wanted = options.targets === undefined ? undefined : new Set(options.targets);
  const targets = COMPILE_TARGETS.filter(({ name }) => wanted === undefined || wanted.has(name)).filter(isConfining);
  const policies = targets.map((target) => issueFor(target, learned, arming, options));
  const guards = issueGuards(learned, arming, options.now);
  const release = newestRelease(learned)?.facts.id;
  return {
    subject: learned.subject,
    ...(learned.container !== undefined && { container: learned.container }),
    ...(release !== undefined && { release }),
    arming,
    policies,
    guards,
    allowed: allowedBehaviours(learned, options.now).map(({ key, behaviour, origin, reason, releases }) => ({
      key,
      dimension: behaviour.dimension,
      sentence: spellBehaviour(behaviour),
      because:
        explanationOf(learned, key) ?? reason ?? (releases.length > 0 ? `${origin} in ${releases.at(-1)}` : origin),
    })),
    version: versionOf([...policies, guards].map(({ version }) => version)),
  };
}

const isConfining = (target: CompileTarget): target is Confining =>
  target.confine !== undefined && target.refuses !== undefined;

const explanationOf = ({ releases }: LearnedProfile, key: string): string | undefined =>
  releases.flatMap(({ explained }) => explained).find((one) => one.key === key)?.by;

function issueFor(
  target: Confining,
  learned: LearnedProfile,
  arming: readonly DimensionArming[],
  options: IssueOptions,
): IssuedPolicy {
  const known = allowedBehaviours(learned, options.now).map(
    ({ behaviour, incidences }): Observed => ({ behaviour, count: Math.max(1, incidences) }),
  );
  const { armed, watched } = partsOf(target, arming);
  const gaps: ProfileGap[] = [];
  // A target may be too coarse for what is known: it is then asked again for less, at most once for each dimension.
  while (armed.length > 0) {
    const profile = allowedProfile(learned, options.now, [...armed, ...toldBy(target, arming)]);
    const confinement = target.confine(profile, { ...options, step: 'block' });
    const [refused] = replay(confinement, known).refused;
    if (refused === undefined) {
      if (confinement.objects.length + confinement.edits.length > 0)
        return finish({ target, step: 'block', confinement, armed, watched, gaps, learned, known });
      break;
    }
    const { dimension } = refused.behaviour;
    const at = Math.max(0, armed.indexOf(dimension));
    gaps.push({
      dimension,
      message: `It is not armed: it would refuse what is known, ${spellBehaviour(refused.behaviour)}.`,
    });
    armed.splice(at, 1);
  }
  const seen = arming.filter(({ isSeen }) => isSeen).map(({ dimension }) => dimension);
  const profile = allowedProfile(learned, options.now, seen);
  const told = target.confine(profile, { ...options, step: 'audit' });
  const confinement = target.canAudit === true ? told : { ...told, objects: [], edits: [] };
  const isWritten = confinement.objects.length + confinement.edits.length > 0;
  return finish({ target, step: isWritten ? 'audit' : 'none', confinement, armed: [], watched, gaps, learned, known });
}

/** What a target may refuse of what it looks at, and what is missing for the rest. */
function partsOf(
  { refuses }: Confining,
  arming: readonly DimensionArming[],
): { armed: Dimension[]; watched: WatchedDimension[] } {
  const states = new Map(arming.map((one) => [one.dimension, one]));
  const armed: Dimension[] = [];
  const watched: WatchedDimension[] = [];
  for (const [first, ...others] of refuses) {
    const unarmed = [first, ...others.filter((other) => states.get(other)?.isSeen)].find(
      (dimension) => states.get(dimension)?.isArmed !== true,
    );
    if (unarmed === undefined) armed.push(first);
    else watched.push({ dimension: first, note: noteOf(first, unarmed, states.get(unarmed)?.note ?? '') });
  }
  return { armed, watched };
}

const noteOf = (dimension: Dimension, unarmed: Dimension, note: string): string =>
  dimension === unarmed ? note : `it rests on ${unarmed} as well, which is not ready: ${note}`;

const toldBy = ({ tells = [] }: CompileTarget, arming: readonly DimensionArming[]): Dimension[] =>
  arming.flatMap(({ dimension, isSeen }) => (isSeen && tells.includes(dimension) ? dimension : []));

interface Finished {
  target: Confining;
  step: IssuedPolicy['step'];
  confinement: Confinement;
  armed: Dimension[];
  watched: WatchedDimension[];
  gaps: ProfileGap[];
  learned: LearnedProfile;
  known: readonly Observed[];
}

function finish({ target, step, confinement, armed, watched, gaps, learned, known }: Finished): IssuedPolicy {
  const { objects, edits } = confinement;
  return {
    target: target.name,
    step,
    armed: armed.filter((dimension) => refusesIn(confinement, dimension)),
    watched,
    gaps: [...gaps, ...confinement.gaps.filter((gap) => !isWatched(gap, watched))],
    replay: replay(confinement, known),
    held:
      step === 'block'
        ? learned.pending.filter(({ behaviour }) => confinement.judge(behaviour) === 'refused').map(asObserved)
        : [],
    objects,
    edits,
    judge: confinement.judge,
    version: versionOf([target.name, step, objects, edits]),
  };
}

/** That a profile does not tell of a kind is said of those that wait already, with what is missing. */
const isWatched = ({ dimension, message }: ProfileGap, watched: readonly WatchedDimension[]): boolean =>
  message.startsWith('The profile does not tell of') && watched.some((one) => one.dimension === dimension);

const asObserved = ({ behaviour, incidences }: LearnedProfile['pending'][number]): Observed => ({
  behaviour,
  count: incidences,
});

/** The profile that guards and targets let, for those who compile it themselves; armed dimensions only. */
export function armedProfile(learned: LearnedProfile, now: string, running?: Running): BehaviourProfile {
  const armed = armingOf(learned, running).flatMap(({ dimension, isArmed }) => (isArmed ? dimension : []));
  return allowedProfile(learned, now, armed);
}
