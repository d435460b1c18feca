import { UserError, type WatchedScope } from '@breakwater/model';
import { listTags, resolveDigest } from '@breakwater/sources/images/registry';
import { chooseTags, exactTags, type TagChoice } from './choose-tags.ts';
import type { LookContext } from './look-context.ts';
import type { Job } from './registry-store.ts';
import { nextLook } from './schedule.ts';

/** Tags of one repository that are listed. */
const MOST_TAGS = 50_000;

/**
 * Asks a repository for its tags, and each followed one for its digest by `HEAD`: nothing is pulled. What changed is
 * stored, and images that are not known are queued. What was learnt before a failure is kept.
 */
export async function lookAtRepository(job: Job, scope: WatchedScope, context: LookContext): Promise<void> {
  const { store, clock, random } = context;
  const choice = choiceOf(scope, job.repository);
  const listed = exactTags(choice) ?? (await list(job, scope, context));
  const chosen = chooseTags(listed, choice);
  const { present, missing, failure } = await resolveAll(chosen, job, scope, context);
  const known = await store.tagsOf(job.watch, job.repository);
  const there = new Set(listed);
  const followed = new Set(chosen);
  const gone = known.filter(({ tag }) => missing.has(tag) || !there.has(tag)).map(({ tag }) => tag);
  const left = known.filter(({ tag }) => there.has(tag) && !followed.has(tag)).map(({ tag }) => tag);
  await store.saveTags(job, scope.platform ?? '', { present, gone, left }, new Date(clock()).toISOString());
  if (failure) throw failure.error;
  await store.finish(job, { next: nextLook(clock(), scope.interval, random()) });
}

function choiceOf(scope: WatchedScope, repository: string): TagChoice {
  const own = scope.repositories?.find(({ name }) => name === repository)?.tags ?? [];
  return { patterns: own.length > 0 ? own : scope.tags, newest: scope.newest };
}

async function list(job: Job, scope: WatchedScope, { pace, signal, registryOptions }: LookContext): Promise<string[]> {
  return await pace.run(scope.registry, signal, async () => {
    const tags: string[] = [];
    const reference = { registry: scope.registry, repository: job.repository };
    for await (const tag of listTags(reference, { ...registryOptions(scope), signal })) {
      tags.push(tag);
      if (tags.length > MOST_TAGS) {
        throw new UserError(`${scope.registry}/${job.repository} has more than ${MOST_TAGS} tags.`, {
          code: 'tags-too-many',
          hint: 'Name the tags that count: --images-from with lines such as HOST/REPOSITORY:v1.*.',
        });
      }
    }
    return tags;
  });
}

interface Resolved {
  present: { tag: string; digest: string }[];
  /** Tags that went between the list and now. */
  missing: Set<string>;
  /** The first failure that is not about one tag alone. */
  failure?: { error: unknown };
}

async function resolveAll(
  tags: string[],
  job: Job,
  scope: WatchedScope,
  { pace, signal, registryOptions }: LookContext,
): Promise<Resolved> {
  const resolved: Resolved = { present: [], missing: new Set() };
  const { registry } = scope;
  await Promise.all(
    tags.map(async (tag) => {
      try {
        const reference = { registry, repository: job.repository, tag };
        const ask = () => resolveDigest(reference, { ...registryOptions(scope), signal });
        // After a failure the rest is not asked: a registry that wants to be left alone is.
        const found = await pace.run(registry, signal, async () => (resolved.failure ? undefined : await ask()));
        if (found) resolved.present.push({ tag, digest: found.digest });
      } catch (error) {
        if (error instanceof UserError && error.code === 'image-not-found') resolved.missing.add(tag);
        else resolved.failure ??= { error };
      }
    }),
  );
  return resolved;
}
