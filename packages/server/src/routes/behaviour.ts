import {
  type AcceptBehaviours,
  ComparisonQuery,
  ContainerQuery,
  type HoldBehaviours,
  type LearnedProfile,
  type ProfilePage,
  ProfileQuery,
  type ReleaseComparison,
} from '@breakwater/model';
import { z } from 'zod';
import { notFound } from '../problem.ts';
import { type ActionRoute, actionRoute } from './act.ts';
import type { ReadRoute } from './read.ts';

/** What is known of how containers behave. Undefined where nothing of such a name is. */
export interface ProfileService {
  list(query: ProfileQuery): Promise<ProfilePage>;
  profile(subject: string, container: string | undefined): Promise<LearnedProfile | undefined>;
  compare(subject: string, query: ComparisonQuery): Promise<ReleaseComparison | undefined>;
  accept(subject: string, decision: AcceptBehaviours): Promise<LearnedProfile | undefined>;
  hold(subject: string, decision: HoldBehaviours): Promise<LearnedProfile | undefined>;
}

/** Nothing was observed. */
export const NO_PROFILES: ProfileService = {
  list: async () => ({ items: [], total: 0 }),
  profile: async () => undefined,
  compare: async () => undefined,
  accept: async () => undefined,
  hold: async () => undefined,
};

const bySubject = z.object({ subject: z.string() });

/** Routes that read profiles. */
export const PROFILE_ROUTES: ReadRoute<ProfileService>[] = [
  {
    path: '/api/profiles',
    summary: 'How far the behaviour of each container is known; those with something to decide first',
    query: ProfileQuery,
    answer: (profiles, { query }) => profiles.list(query as ProfileQuery),
  },
  {
    path: '/api/profiles/{subject}',
    summary: 'What is known of the behaviour of one container of a workload',
    parameters: bySubject,
    query: ContainerQuery,
    answer: async (profiles, { parameters: { subject = '' }, query }) =>
      (await profiles.profile(subject, (query as ContainerQuery).container)) ?? missing(subject),
  },
  {
    path: '/api/profiles/{subject}/releases',
    summary: 'Two releases beside each other: what changed in what was built and declared, and in behaviour',
    parameters: bySubject,
    query: ComparisonQuery,
    answer: async (profiles, { parameters: { subject = '' }, query }) =>
      (await profiles.compare(subject, query as ComparisonQuery)) ?? missing(subject),
  },
];

/** Routes that decide about behaviours. */
export const PROFILE_ACTIONS: ActionRoute<ProfileService>[] = [
  actionRoute<ProfileService, '/api/profiles/{subject}/accept'>({
    path: '/api/profiles/{subject}/accept',
    summary: 'Accepts behaviours until a day: somebody answers for them',
    parameters: bySubject,
    act: async (profiles, { subject = '' }, body) => (await profiles.accept(subject, body)) ?? missing(subject),
  }),
  actionRoute<ProfileService, '/api/profiles/{subject}/hold'>({
    path: '/api/profiles/{subject}/hold',
    summary: 'Holds behaviours: however often they come, they are not taken for known',
    parameters: bySubject,
    act: async (profiles, { subject = '' }, body) => (await profiles.hold(subject, body)) ?? missing(subject),
  }),
];

function missing(subject: string): never {
  throw notFound('profile of', subject);
}
