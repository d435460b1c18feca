import type { Behaviour, BehaviourProfile, GuardName, JsonObject, ObjectEdit } from '@breakwater/model';
import type { Judgement, ProfileGap } from '../compile-target.ts';
import type { Observed, Replay } from '../replay.ts';
import type { Dimension, DimensionArming } from './arming.ts';

/** A kind of behaviour that could be refused and is not yet: what is missing, as a sentence. */
export interface WatchedDimension {
  dimension: Dimension;
  note: string;
}

/** How far something that was issued goes, and why. */
export interface Issued {
  /** As targets are called, `network-policy`; `sensor` for its guards. */
  target: string;
  /** `none` where it refuses nothing yet and cannot only tell. */
  step: 'block' | 'audit' | 'none';
  /** Kinds of behaviour of which it refuses what the profile does not hold: settled ones only. */
  armed: Dimension[];
  watched: WatchedDimension[];
  /** What it cannot express, or holds to in another way. */
  gaps: ProfileGap[];
  /** What it would have done with everything that the profile knows. */
  replay: Replay;
  /** What it refuses of what was seen and is not let: pending, with how often it was seen. */
  held: Observed[];
  /** Equal for what holds a container to the same. */
  version: string;
  /** What it would do with a behaviour. */
  judge(behaviour: Behaviour): Judgement;
}

/** The documents of one target. */
export interface IssuedPolicy extends Issued {
  objects: JsonObject[];
  edits: ObjectEdit[];
}

/** What the sensor's guards are to do: `profile` is what they let. */
export interface IssuedGuards extends Issued {
  steps: Partial<Record<GuardName, 'audit' | 'block'>>;
  profile: BehaviourProfile;
}

/** Everything that holds one container to its learned profile. */
export interface IssuedPolicies {
  subject: string;
  container?: string;
  /** Id of the newest release that the profile knows. */
  release?: string;
  arming: DimensionArming[];
  policies: IssuedPolicy[];
  guards: IssuedGuards;
  /** What is let, by key, and what speaks for it: for the difference to what is issued later. */
  allowed: { key: string; dimension: Dimension; sentence: string; because: string }[];
  version: string;
}

/** What is kept of an issue, to compare the next one with. */
export interface IssuedRecord extends Pick<IssuedPolicies, 'subject' | 'container' | 'arming' | 'allowed' | 'version'> {
  targets: Pick<Issued, 'target' | 'step' | 'version'>[];
}

/** What has to be kept of an issue. */
export function recordOf({
  subject,
  container,
  arming,
  allowed,
  version,
  policies,
  guards,
}: IssuedPolicies): IssuedRecord {
  return {
    subject,
    ...(container !== undefined && { container }),
    arming,
    allowed,
    version,
    targets: [...policies, guards].map(({ target, step, version: own }) => ({ target, step, version: own })),
  };
}
