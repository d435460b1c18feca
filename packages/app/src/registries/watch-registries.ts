import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { UpstreamError, UserError, type WatchedScope } from '@breakwater/model';
import type { RegistryOptions } from '@breakwater/sources/images';
import { advisoryIndexPath } from '../advisories/index-path.ts';
import type { Judging } from '../estate/judging.ts';
import { judgeAgain } from './judge-again.ts';
import { lookAtCatalogue } from './look-at-catalogue.ts';
import { lookAtRepository } from './look-at-repository.ts';
import type { LookContext } from './look-context.ts';
import { openPace, pause } from './pace.ts';
import { readWatchedImage } from './read-watched-image.ts';
import type { Job, JobKind, RegistryStore } from './registry-store.ts';
import { concernsWholeRegistry, nextAttempt, nextLook, retryAfterOf, troubleOf } from './schedule.ts';

export interface WatchOptions {
  store: RegistryStore;
  /** State folder. */
  state: string;
  /** What images are judged by; what is left out is as everywhere. */
  judging?: Partial<Judging>;
  /** Ends it: what is under way is stopped and due again. */
  signal: AbortSignal;
  report(line: string): void;
  /** Told of an image that workloads run and that is known from now on. */
  onUsedImage?(): void;
  /** Requests a second to each registry. Default 10. */
  perSecond?: number;
  /** Milliseconds between two looks for work. Default 500. */
  idle?: number;
  /** Instead of what the machine keeps, and of the usual patience. */
  registry?: RegistryOptions;
}

/** What is under way at once, by kind: images to read never keep looks waiting, nor looks images. */
const LANES: { kinds: JobKind[]; atOnce: number }[] = [
  { kinds: ['catalogue', 'repository'], atOnce: 3 },
  { kinds: ['image'], atOnce: 2 },
  { kinds: ['judge'], atOnce: 1 },
];

/** Milliseconds for which claimed work is held; its worker holds it again well before. */
const HELD = 120_000;
const HOLD_AGAIN = 30_000;
/** Milliseconds between two looks at the advisory index, and between two rounds of forgetting. */
const ADVISORIES_EVERY = 5_000;
const PRUNE_EVERY = 3_600_000;

/**
 * Watches registries until `signal`: claims what is due and does it, and judges stored images anew when the advisory
 * index changed. Any number of servers may do so on one store. Rejects only on bugs and when the store fails.
 */
export async function watchRegistries(options: WatchOptions): Promise<void> {
  const { store, signal, idle = 500 } = options;
  const worker = randomUUID();
  const context = contextOf(options);
  const scopes = openScopes(store);
  const chores = openChores(context, worker);
  const lanes = LANES.map((lane) => ({ ...lane, running: new Set<Promise<void>>() }));
  let failure: { error: unknown } | undefined;
  try {
    while (!signal.aborted && !failure) {
      await chores();
      let found = false;
      for (const { kinds, atOnce, running } of lanes) {
        if (running.size >= atOnce) continue;
        const now = Date.now();
        const job = await store.claim(kinds, iso(now), worker, iso(now + HELD));
        if (!job) continue;
        found = true;
        const work = doJob(job, context, scopes)
          .catch((error: unknown) => {
            failure ??= { error };
          })
          .finally(() => running.delete(work));
        running.add(work);
      }
      if (!found) await pause(idle, signal);
    }
  } finally {
    await Promise.all(lanes.flatMap(({ running }) => [...running]));
    // What was under way is due again at once, whoever does it.
    await store.hold(worker, '');
    await store.release(iso(Date.now()));
  }
  if (failure && !signal.aborted) throw failure.error;
}

function contextOf({
  store,
  state,
  judging = {},
  signal,
  report,
  onUsedImage = () => {},
  perSecond = 10,
  registry,
}: WatchOptions): LookContext {
  return {
    store,
    state,
    judging,
    signal,
    report,
    onUsedImage,
    pace: openPace({ perSecond, atOnce: 4 }, Date.now),
    clock: Date.now,
    random: Math.random,
    registryOptions: ({ unsafePlainHttp, unsafeAllowPrivateAddresses }) => ({
      unsafePlainHttp,
      unsafeAllowPrivateAddresses,
      ...registry,
    }),
  };
}

/** The scope of a job, read from the store at most once a second. */
function openScopes(store: RegistryStore): (watch: string) => Promise<WatchedScope | undefined> {
  let read = Promise.resolve(new Map<string, WatchedScope>());
  let until = 0;
  return async (watch) => {
    if (Date.now() >= until) {
      until = Date.now() + 1000;
      read = store.scopes().then((scopes) => new Map(scopes.map(({ name, scope }) => [name, scope])));
    }
    return (await read).get(watch);
  };
}

/** What is done beside the jobs, each at its own interval. */
function openChores({ store, state, signal }: LookContext, worker: string): () => Promise<void> {
  const due = { hold: 0, advisories: 0, prune: 0 };
  let index = '';
  return async () => {
    const now = Date.now();
    if (signal.aborted) return;
    if (now >= due.hold) {
      due.hold = now + HOLD_AGAIN;
      await store.hold(worker, iso(now + HELD));
      await store.release(iso(now));
    }
    if (now >= due.advisories) {
      due.advisories = now + ADVISORIES_EVERY;
      const found = await stat(advisoryIndexPath(state)).catch(() => undefined);
      const seen = found ? `${found.mtimeMs} ${found.size} ${found.ino}` : '';
      if (seen !== index && found) await store.queueJudging(iso(now));
      index = seen;
    }
    if (now >= due.prune) {
      due.prune = now + PRUNE_EVERY;
      await store.prune(iso(now));
    }
  };
}

async function doJob(
  job: Job,
  context: LookContext,
  scopeOf: (watch: string) => Promise<WatchedScope | undefined>,
): Promise<void> {
  if (job.kind === 'judge') return await judge(job, context);
  const scope = await scopeOf(job.watch);
  if (!scope) return await context.store.finish(job, {});
  try {
    if (job.kind === 'catalogue') await lookAtCatalogue(job, scope, context);
    else if (job.kind === 'repository') await lookAtRepository(job, scope, context);
    else await readWatchedImage(job, scope, context);
  } catch (error) {
    // Stopped, not failed: it is handed back.
    if (context.signal.aborted) return;
    await noteFailure(job, scope, error, context);
  }
}

/** Writes what is the matter and when to try again. A registry that cannot be reached, or asks for patience, is left alone. */
async function noteFailure(job: Job, scope: WatchedScope, error: unknown, context: LookContext): Promise<void> {
  const { store, clock, random, report } = context;
  const now = clock();
  const trouble = troubleOf(error, iso(now));
  if (trouble.code === 'look-failed') console.error(error);
  if (job.kind !== 'image') {
    const where = job.kind === 'catalogue' ? { watch: job.watch } : { watch: job.watch, repository: job.repository };
    await store.noteLook(where, iso(now), trouble);
  }
  const next = nextAttempt(now, job.attempts, random(), retryAfterOf(error));
  // What only the operator can mend is asked for at the usual interval, not more often.
  const usual = nextLook(now, scope.interval, random());
  const lasting = !concernsWholeRegistry(error);
  await store.finish(job, { next: lasting && usual > next ? usual : next, failed: true });
  if (!lasting) await store.pause(scope.registry, next);
  report(`${scope.registry}${job.repository === '' ? '' : `/${job.repository}`}: ${trouble.message}`);
}

/** Judges anew. Where the index cannot be read, an old one after an update for one, that is said and tried again. */
async function judge(job: Job, context: LookContext): Promise<void> {
  const { store, signal, report, clock, random } = context;
  try {
    const { images, opened, closed } = await judgeAgain(context);
    if (signal.aborted) return;
    await store.finish(job, {});
    if (images > 0) report(`${images} stored images judged by new advisories: ${opened} findings new, ${closed} gone`);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof UserError || error instanceof UpstreamError)) throw error;
    await store.finish(job, { next: nextAttempt(clock(), job.attempts, random()), failed: true });
    report(`Stored images could not be judged anew: ${error.message}. ${error.hint ?? ''}`.trim());
  }
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
