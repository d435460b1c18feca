import {
  type Behaviour,
  type ComparedRelease,
  DIMENSION_NAMES,
  type LearnedProfile,
  type ProfileRelease,
  type ReleaseComparison,
  type ReleaseDifference,
  type ReleaseFacts,
  UserError,
} from '@breakwater/model';

/** Two releases of a profile, by their ids; the newest and the one before it where none are named. */
export interface WantedReleases {
  from?: string | undefined;
  to?: string | undefined;
}

/**
 * Lays two releases of a profile beside each other: what changed in what was built and declared, and what changed in
 * behaviour, each with what explains it.
 * @throws {UserError} where there are no two releases, or none of such an id
 */
export function compareReleases(
  profile: LearnedProfile,
  wanted: WantedReleases,
  differenceOf: (from: ReleaseFacts, to: ReleaseFacts) => ReleaseDifference,
): ReleaseComparison {
  const { from, to } = chooseReleases(profile.releases, wanted);
  const ids = { from: from.facts.id, to: to.facts.id };
  const done = everDone(profile);
  const added = done.filter(({ releases }) => releases.includes(ids.to) && !releases.includes(ids.from));
  const explained = new Map(
    profile.releases.flatMap((release) => release.explained.map(({ key, by }) => [key, by] as const)),
  );
  const reasons = (key: string) => explained.get(key) ?? done.find((one) => one.key === key)?.reason;
  const bare = added.filter(({ key }) => reasons(key) === undefined);
  const strange = new Set([...profile.pending, ...to.unexplained].map(({ key }) => key));
  const isBefore = (release: ProfileRelease) => release.since < to.since;
  return {
    subject: profile.subject,
    ...(profile.container !== undefined && { container: profile.container }),
    from: shorten(from),
    to: shorten(to),
    difference:
      to.difference?.from === ids.from && to.difference.to === ids.to
        ? to.difference
        : differenceOf(from.facts, to.facts),
    unexplained: bare.filter(({ key }) => strange.has(key)).map(named),
    learned: bare.filter(({ key }) => !strange.has(key)).map(named),
    explained: added.flatMap((one) => {
      const by = reasons(one.key);
      return by === undefined ? [] : [{ ...named(one), by }];
    }),
    gone: done.filter(({ releases }) => releases.includes(ids.from) && !releases.includes(ids.to)).map(named),
    resources: changedUse(from, to),
    unknowns: unknownsOf(profile, isBefore(from) ? to : from),
  };
}

/** Share by which use has to differ: sketches know it to a few in a hundred. */
const DIFFERS = 0.25;
/** Samples: fewer say nothing of what is usual. */
const ENOUGH = 60;

function changedUse(from: ProfileRelease, to: ProfileRelease): ReleaseComparison['resources'] {
  const later = new Map(to.resources?.map((use) => [use.resource, use]));
  return (from.resources ?? []).flatMap(({ resource, samples, p99: before }) => {
    const use = later.get(resource);
    if (use === undefined || Math.min(samples, use.samples) < ENOUGH) return [];
    const after = use.p99;
    return Math.abs(after - before) <= DIFFERS * Math.max(after, before) ? [] : [{ resource, before, after }];
  });
}

interface Done {
  key: string;
  behaviour: Behaviour;
  releases: readonly string[];
  reason?: string | undefined;
}

/** All that was ever seen, known or not; what was only declared was not. */
function everDone({ behaviours, pending }: LearnedProfile): Done[] {
  return [
    ...pending.map(({ key, behaviour, releases }) => ({ key, behaviour, releases })),
    ...behaviours.map(({ key, behaviour, releases, reason }) => ({ key, behaviour, releases, reason })),
  ];
}

const named = ({ key, behaviour }: Done) => ({ key, behaviour });

function chooseReleases(
  releases: readonly ProfileRelease[],
  wanted: WantedReleases,
): { from: ProfileRelease; to: ProfileRelease } {
  const inOrder = releases.toSorted((a, b) => (a.since < b.since ? -1 : 1));
  const find = (id: string): ProfileRelease => {
    const found = inOrder.find(({ facts }) => facts.id === id);
    if (found !== undefined) return found;
    throw new UserError(`There is no release ${id.slice(0, 100)}.`, {
      code: 'release-unknown',
      hint: `Known: ${inOrder.map(({ facts }) => facts.id).join(', ') || 'none'}.`,
    });
  };
  const to = wanted.to === undefined ? inOrder.at(-1) : find(wanted.to);
  const before = to === undefined ? undefined : (inOrder[inOrder.indexOf(to) - 1] ?? inOrder[1]);
  const from = wanted.from === undefined ? before : find(wanted.from);
  if (to === undefined || from === undefined || from === to) {
    throw new UserError('There are no two releases to compare.', {
      code: 'releases-too-few',
      hint: 'A second one is seen when the image or the manifest changes.',
    });
  }
  return { from, to };
}

function shorten({ facts, since, last, minutes, replicas }: ProfileRelease): ComparedRelease {
  const { id, image, imageDigest } = facts;
  return {
    id,
    ...(image !== undefined && { image }),
    ...(imageDigest !== undefined && { imageDigest }),
    since,
    last,
    minutes,
    replicas,
  };
}

/** What was not watched for long, in part, or not at all may have done more. */
function unknownsOf({ dimensions, dropped }: LearnedProfile, later: ProfileRelease): string[] {
  const unseen = dimensions.filter(({ isSeen }) => !isSeen).map(({ dimension }) => DIMENSION_NAMES[dimension]);
  const partial = dimensions
    .filter(({ partialMinutes }) => partialMinutes > 0)
    .map(({ dimension }) => DIMENSION_NAMES[dimension]);
  return [
    ...(later.minutes < 60 ? [`The later release was watched for ${later.minutes} minutes: it may do more yet.`] : []),
    ...(unseen.length > 0 ? [`Nobody sees ${unseen.join(', ')}: of that nothing follows.`] : []),
    ...(partial.length > 0
      ? [
          `Events were lost in some minutes, of ${partial.length === dimensions.length - unseen.length ? 'all that is seen' : partial.join(', ')}.`,
        ]
      : []),
    ...(dropped > 0 ? [`${dropped} behaviours found no room in the profile.`] : []),
  ];
}
