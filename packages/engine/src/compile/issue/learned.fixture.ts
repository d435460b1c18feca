import {
  type Behaviour,
  DIMENSIONS,
  type DimensionState,
  type KnownBehaviour,
  LearnedProfile,
  type PendingBehaviour,
  type ProfileRelease,
  ReleaseFacts,
} from '@breakwater/model';
import { behaviourKey } from '../../behaviour/index.ts';
import { webProfile } from '../profile/profile.fixture.ts';

/** A dimension that was watched for 100 hours, or that nobody sees. */
export const stateOf = (dimension: Behaviour['dimension'], changes: Partial<DimensionState> = {}): DimensionState => ({
  dimension,
  isSeen: true,
  minutes: 6000,
  partialMinutes: 0,
  behaviours: 3,
  once: 0,
  expected: 0,
  atMost: 0.2,
  isSettled: true,
  note: 'settled',
  ...changes,
});

export const knownOf = (behaviour: Behaviour, changes: Partial<KnownBehaviour> = {}): KnownBehaviour => ({
  behaviour,
  key: behaviourKey(behaviour),
  origin: 'learned',
  incidences: 400,
  replicas: 3,
  days: 4,
  releases: ['r1'],
  first: '2026-11-10T00:00:00Z',
  last: '2026-11-20T00:00:00Z',
  ...changes,
});

export const pendingOf = (behaviour: Behaviour, held: PendingBehaviour['held']): PendingBehaviour => ({
  behaviour,
  key: behaviourKey(behaviour),
  held,
  reason: 'seen in one replica',
  incidences: 2,
  replicas: 1,
  days: 1,
  releases: ['r1'],
  first: '2026-11-20T00:00:00Z',
  last: '2026-11-20T00:00:00Z',
});

export const releaseOf = (id: string, changes: Partial<ProfileRelease> = {}): ProfileRelease => ({
  facts: ReleaseFacts.parse({ id, image: `shop/web:${id}`, imageDigest: `sha256:${id}` }),
  since: `2026-11-1${id.at(-1)}T00:00:00Z`,
  last: '2026-11-20T00:00:00Z',
  minutes: 6000,
  replicas: 3,
  explained: [],
  unexplained: [],
  ...changes,
});

/** The web server of the plain fixture as it was learned: all of it settled, system calls not seen. */
export function learnedWeb(changes: Partial<LearnedProfile> = {}): LearnedProfile {
  const { subject, container, dimensions, behaviours } = webProfile();
  return LearnedProfile.parse({
    version: 1,
    subject,
    container,
    from: '2026-11-10T00:00:00Z',
    until: '2026-11-20T00:00:00Z',
    budget: { alerts: 1, hours: 6 },
    dimensions: DIMENSIONS.map((dimension) =>
      stateOf(
        dimension,
        dimensions.includes(dimension) ? {} : { isSeen: false, isSettled: false, minutes: 0, note: 'not seen' },
      ),
    ),
    behaviours: behaviours.map((behaviour) => knownOf(behaviour)),
    pending: [],
    releases: [releaseOf('r1')],
    resources: [],
    growth: [],
    ...changes,
  });
}

/** The same with some dimensions not settled. */
export const unsettled = (learned: LearnedProfile, ...names: Behaviour['dimension'][]): LearnedProfile => ({
  ...learned,
  dimensions: learned.dimensions.map((state) =>
    names.includes(state.dimension) ? { ...state, isSettled: false, note: 'settles after 31 more hours' } : state,
  ),
});
