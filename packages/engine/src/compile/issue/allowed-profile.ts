import { type BehaviourProfile, DIMENSIONS, type KnownBehaviour, type LearnedProfile } from '@breakwater/model';
import { behaviourText } from '../../behaviour/index.ts';
import type { Dimension } from './arming.ts';

/**
 * What a learned profile lets, as a plain set in an order of its own: what is known, and of what somebody answers for only
 * as long as he does. What is pending (it awaits witnesses, is never absorbed, or belongs to an incident) is not in it.
 *
 * @param dimensions Kinds of behaviour that the set speaks for; all that are seen where they are left out.
 * @param now ISO 8601.
 */
export function allowedProfile(
  learned: LearnedProfile,
  now: string,
  dimensions?: readonly Dimension[],
): BehaviourProfile {
  const { subject, container, from, until } = learned;
  const seen = learned.dimensions.filter(({ isSeen }) => isSeen).map(({ dimension }) => dimension);
  const wanted = new Set(dimensions ?? seen);
  const digests = new Set(learned.releases.flatMap(({ facts }) => facts.imageDigest ?? []));
  const [digest] = digests;
  return {
    subject,
    ...(container !== undefined && { container }),
    ...(digests.size === 1 && { imageDigest: digest }),
    origin: 'recorded',
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    partial: isPartial(learned, wanted),
    dimensions: DIMENSIONS.filter((dimension) => wanted.has(dimension)),
    behaviours: allowedBehaviours(learned, now)
      .map(({ behaviour }) => ({ text: behaviourText(behaviour), behaviour }))
      .sort((a, b) => (a.text < b.text ? -1 : 1))
      .map(({ behaviour }) => behaviour),
  };
}

/** What is known and has not run out, each with what speaks for it. `now` is ISO 8601. */
export const allowedBehaviours = ({ behaviours }: LearnedProfile, now: string): KnownBehaviour[] =>
  behaviours.filter(({ expires }) => expires === undefined || Date.parse(expires) > Date.parse(now));

/** A settled dimension counts only what was watched whole; in others what was lost may be anything. */
const isPartial = ({ dimensions, dropped, letGo }: LearnedProfile, wanted: ReadonlySet<Dimension>): boolean =>
  dropped > 0 ||
  (letGo !== undefined && wanted.has('open')) ||
  dimensions.some(
    ({ dimension, isSettled, partialMinutes }) => wanted.has(dimension) && !isSettled && partialMinutes > 0,
  );
