import type { BehaviourProfile, LearnedProfile } from '@breakwater/model';

/** What a learned profile knows, as a plain set: what is pending is not part of it. */
export function plainProfile({
  subject,
  container,
  from,
  until,
  dimensions,
  behaviours,
  releases,
}: LearnedProfile): BehaviourProfile {
  const newest = releases.toSorted((a, b) => (a.last < b.last ? -1 : 1)).at(-1)?.facts;
  return {
    subject,
    ...(container !== undefined && { container }),
    ...(newest?.imageDigest !== undefined && { imageDigest: newest.imageDigest }),
    origin: 'recorded',
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    partial: dimensions.some(({ isSeen, partialMinutes }) => isSeen && partialMinutes > 0),
    dimensions: dimensions.flatMap(({ dimension, isSeen }) => (isSeen ? [dimension] : [])),
    behaviours: behaviours.map(({ behaviour }) => behaviour),
  };
}
