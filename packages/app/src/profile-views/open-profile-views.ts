import { differenceOf } from '@breakwater/engine/behaviour';
import {
  type AcceptBehaviours,
  type ComparisonQuery,
  type HoldBehaviours,
  heldByPerson,
  type LearnedProfile,
  type ProfilePage,
  type ProfileQuery,
  type ProfileSummary,
  type ReleaseComparison,
  subjectWithoutCluster,
  UserError,
  workloadOfSubject,
} from '@breakwater/model';
import { decodeCursor, encodeCursor } from '../assessment/pages.ts';
import type { BehaviourStore, BehaviourWord } from '../profiles/kept/index.ts';
import { compareReleases } from './compare-releases.ts';
import { byNeed, summariseProfile } from './summarise-profile.ts';

/** Profiles for those who look at them, and what they say of behaviours. Undefined where nothing is known of a subject. */
export interface ProfileViews {
  list(query: ProfileQuery): Promise<ProfilePage>;
  profile(subject: string, container: string | undefined): Promise<LearnedProfile | undefined>;
  compare(subject: string, query: ComparisonQuery): Promise<ReleaseComparison | undefined>;
  accept(subject: string, decision: AcceptBehaviours): Promise<LearnedProfile | undefined>;
  hold(subject: string, decision: HoldBehaviours): Promise<LearnedProfile | undefined>;
}

/** What views are made of. */
export interface ProfileViewsOptions {
  store: Pick<BehaviourStore, 'profiles' | 'containers' | 'describe' | 'described' | 'say'>;
  /** Milliseconds. */
  now(): number;
  /** Waits so many milliseconds. */
  wait(milliseconds: number): Promise<unknown>;
}

/** For how long, and how often, it is looked whether a word was obeyed: whoever learns is another process. */
const PATIENCE = 6_000;
const LOOK = 250;

/** Opens profiles for pages. What is told of one is as it was kept last, at most a minute ago. */
export function openProfileViews({ store, now, wait }: ProfileViewsOptions): ProfileViews {
  const summaries = openSummaries(store);
  const profile = async (subject: string, container: string | undefined): Promise<LearnedProfile | undefined> =>
    await store.describe(subject, container ?? (await firstContainer(store, subject)));
  const decide = async (
    subject: string,
    { container, keys }: Pick<HoldBehaviours, 'container' | 'keys'>,
    words: (own: { subject: string; container?: string; keys: string[] }) => BehaviourWord,
  ): Promise<LearnedProfile | undefined> => {
    const before = await profile(subject, container);
    if (before === undefined) return undefined;
    refuseStrangers(before, keys);
    const own = { subject, ...(before.container !== undefined && { container: before.container }), keys: [...keys] };
    await store.say(words(own));
    const until = now() + PATIENCE;
    for (;;) {
      const after = await profile(subject, container);
      if (after === undefined || now() >= until || standingOf(after, keys) !== standingOf(before, keys)) return after;
      await wait(LOOK);
    }
  };
  return {
    list: async (query) => pageOf(await summaries(), query),
    profile,
    async compare(subject, { container, from, to }) {
      const found = await profile(subject, container);
      return found === undefined ? undefined : compareReleases(found, { from, to }, differenceOf);
    },
    accept(subject, { owner, reason, expires, ...about }) {
      if (expires < new Date(now()).toISOString().slice(0, 10)) {
        throw new UserError(`${expires} is over already.`, {
          code: 'expiry-over',
          hint: 'Name the last day on which it is to count.',
        });
      }
      return decide(subject, about, (own) => ({
        kind: 'accept',
        ...own,
        owner,
        reason,
        expires: `${expires}T23:59:59.999Z`,
      }));
    },
    hold: (subject, { owner, reason, ...about }) =>
      decide(subject, about, (own) => ({ kind: 'hold', ...own, incident: heldByPerson(owner, reason) })),
  };
}

/** Which of its containers is meant where none is named. */
async function firstContainer(store: ProfileViewsOptions['store'], subject: string): Promise<string | undefined> {
  const names = (await store.containers(subject)).toSorted();
  return names.length > 1 ? names[0] : undefined;
}

/** How behaviours stand, for telling whether that changed. */
function standingOf({ behaviours, pending }: LearnedProfile, keys: readonly string[]): string {
  const wanted = new Set(keys);
  return JSON.stringify([
    behaviours
      .filter(({ key }) => wanted.has(key))
      .map(({ key, origin, reason, expires }) => [key, origin, reason, expires]),
    pending
      .filter(({ key }) => wanted.has(key))
      .map(({ key, held, reason, incident }) => [key, held, reason, incident]),
  ]);
}

function refuseStrangers({ behaviours, pending }: LearnedProfile, keys: readonly string[]): void {
  const known = new Set([...behaviours, ...pending].map(({ key }) => key));
  const stranger = keys.find((key) => !known.has(key));
  if (stranger === undefined) return;
  throw new UserError(`There is no behaviour ${stranger} in this profile.`, {
    code: 'behaviour-unknown',
    hint: 'It may have been forgotten: look at the profile again.',
  });
}

/** Summaries of all profiles: each is made again only where it changed. */
function openSummaries(store: ProfileViewsOptions['store']): () => Promise<ProfileSummary[]> {
  let kept = new Map<string, { updatedAt: string; summary: ProfileSummary }>();
  const nameOf = ({ subject, container = '' }: { subject: string; container?: string }) => `${subject}\n${container}`;
  return async () => {
    const heads = await store.profiles();
    const isFirst = kept.size === 0;
    const all = isFirst ? new Map((await store.described()).map((one) => [nameOf(one), one])) : undefined;
    const next: typeof kept = new Map();
    for (const head of heads) {
      const name = nameOf(head);
      const before = kept.get(name);
      if (before?.updatedAt === head.updatedAt) next.set(name, before);
      else {
        const profile = all?.get(name) ?? (await store.describe(head.subject, head.container ?? ''));
        if (profile !== undefined) next.set(name, { updatedAt: head.updatedAt, summary: summariseProfile(profile) });
      }
    }
    kept = next;
    return [...next.values()].map(({ summary }) => summary).sort(byNeed);
  };
}

/** A workload of a cluster whose sensors name none goes by its own name alone. */
function subjectIn(all: readonly ProfileSummary[], subject: string | undefined): string | undefined {
  const isKnown = subject === undefined || all.some((one) => one.subject === subject);
  return isKnown ? subject : subjectWithoutCluster(subject);
}

function pageOf(all: readonly ProfileSummary[], query: ProfileQuery): ProfilePage {
  const { cursor, limit, search = '', namespace, subject } = query;
  const words = search.toLowerCase();
  const meant = subjectIn(all, subject);
  const found = all.filter(
    (one) =>
      (meant === undefined || one.subject === meant) &&
      (namespace === undefined || workloadOfSubject(one.subject)?.namespace === namespace) &&
      `${one.subject} ${one.container ?? ''} ${one.image ?? ''}`.toLowerCase().includes(words),
  );
  const from = cursor === undefined ? 0 : Number(decodeCursor(cursor, 1)[0]);
  const next = from + limit;
  return {
    items: found.slice(from, next),
    total: found.length,
    ...(next < found.length && { nextCursor: encodeCursor([next]) }),
  };
}
