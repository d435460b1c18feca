import type { LearnedProfile } from '@breakwater/model';
import { isOf, type LearnedSource } from './learned-guards.ts';

/** Milliseconds after which the store is asked again. */
const EVERY = 30_000;

/** What `breakwater up` on this host learns, asked for again and again until `close`. @throws {UserError} without a store */
export async function learnedStore(state: string, report: (line: string) => void): Promise<LearnedSource> {
  const { openEstateStore } = await import('../up/open-estate-store.ts');
  const store = await openEstateStore(state, { apart: true });
  let profiles: LearnedProfile[] = await store.behaviour.described();
  let version = await versionOf();
  let isChanged = false;
  async function versionOf(): Promise<string> {
    const heads = await store.behaviour.profiles();
    return heads.map(({ subject, container = '', updatedAt }) => [subject, container, updatedAt].join(' ')).join('\n');
  }
  const ask = async (): Promise<void> => {
    const now = await versionOf();
    if (now === version) return;
    profiles = await store.behaviour.described();
    version = now;
    isChanged = true;
  };
  const timer = setInterval(() => {
    ask().catch((error: unknown) => report(`The profiles that hold stay: ${(error as Error).message}`));
  }, EVERY);
  return {
    refresh() {
      const was = isChanged;
      isChanged = false;
      return was;
    },
    profileOf: (facts) => profiles.find((profile) => isOf(profile, facts)),
    async close() {
      clearInterval(timer);
      await store.close();
    },
  };
}
