import { UserError, type WatchedScope } from '@breakwater/model';
import { listRepositories } from '@breakwater/sources/images/registry';
import type { LookContext } from './look-context.ts';
import type { Job } from './registry-store.ts';
import { nextLook } from './schedule.ts';
import { isInScope } from './scope-name.ts';

/** Repositories of one registry that are followed. */
const MOST_REPOSITORIES = 100_000;

/**
 * Asks a registry which repositories it has, and follows those of the scope. New ones are looked at over a tenth of the
 * interval, not all at once. Throws UserError and UpstreamError.
 */
export async function lookAtCatalogue(job: Job, scope: WatchedScope, context: LookContext): Promise<void> {
  const { store, pace, signal, clock, random } = context;
  const found = await pace.run(scope.registry, signal, async () => {
    const names: string[] = [];
    for await (const name of listRepositories(scope.registry, { ...context.registryOptions(scope), signal })) {
      if (isInScope(scope, name)) names.push(name);
      if (names.length > MOST_REPOSITORIES) {
        throw new UserError(`${scope.registry} has more than ${MOST_REPOSITORIES} repositories.`, {
          code: 'repositories-too-many',
          hint: 'Watch a part of it: --registry HOST/PREFIX.',
        });
      }
    }
    return names;
  });
  const now = clock();
  const spread = Math.min(scope.interval * 100, found.length * 200);
  const due = (index: number) => new Date(now + (spread * index) / Math.max(found.length, 1)).toISOString();
  await store.saveRepositories(job.watch, found, new Date(now).toISOString(), due);
  await store.finish(job, { next: nextLook(now, scope.interval, random()) });
}
