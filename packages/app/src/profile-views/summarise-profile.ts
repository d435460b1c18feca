import type { LearnedProfile, ProfileSummary } from '@breakwater/model';

/** A profile as a line of a list. */
export function summariseProfile(profile: LearnedProfile): ProfileSummary {
  const { subject, container, dimensions, behaviours, pending, releases, from, until } = profile;
  const seen = dimensions.filter(({ isSeen }) => isSeen);
  const unsettled = seen.filter(({ isSettled }) => !isSettled);
  const newest = releases.toSorted((a, b) => (a.last < b.last ? -1 : 1)).at(-1)?.facts;
  const image = newest?.image ?? newest?.imageDigest;
  return {
    subject,
    ...(container !== undefined && { container }),
    settled: seen.length - unsettled.length,
    seen: seen.length,
    unsettled: unsettled.map(({ dimension }) => dimension),
    behaviours: behaviours.length,
    pending: pending.length,
    releases: releases.length,
    ...(image !== undefined && { image }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { last: until }),
  };
}

/** Those with something to decide first, then the least settled, then by name. */
export function byNeed(a: ProfileSummary, b: ProfileSummary): number {
  return (
    b.pending - a.pending ||
    b.seen - b.settled - (a.seen - a.settled) ||
    (nameOf(a) < nameOf(b) ? -1 : Number(nameOf(a) > nameOf(b)))
  );
}

const nameOf = ({ subject, container = '' }: ProfileSummary): string => `${subject}\n${container}`;
