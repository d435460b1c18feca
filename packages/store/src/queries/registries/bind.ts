import type { RegistryStore } from '@breakwater/app/registries';
import type { Kysely } from 'kysely';
import type { Schema } from '../../schema.ts';
import { readChanges } from './changes.ts';
import { readEvents, tellEvents } from './events.ts';
import { readImagesNamed, readKnownImage, readStaleImages, saveImage, saveJudgements } from './images.ts';
import { claimJob, finishJob, hastenJobs, holdJobs, pauseRegistry, queueJobs, releaseJobs } from './jobs.ts';
import { pruneRegistries } from './prune.ts';
import { addRepositories, dropScope, noteLook, readScopes, saveCatalogue, saveScope } from './scopes.ts';
import { readTagPage } from './tag-page.ts';
import { failTags, readReferences, readTags, saveTags } from './tags.ts';
import { isUsed } from './uses.ts';
import { readRegistries, readSprawl } from './views.ts';

/** The store of registries on an open database, for one tenant. */
export function bindRegistries(db: Kysely<Schema>, tenant: string): RegistryStore {
  return {
    list: (newest) => readRegistries(db, tenant, newest),
    tags: (query, now) => readTagPage(db, tenant, query, now),
    events: () => readEvents(db, tenant),
    sprawl: (now) => readSprawl(db, tenant, now),
    knownImage: (id) => readKnownImage(db, tenant, id),
    scopes: () => readScopes(db, tenant),
    lookNow: (where, now, force) => hastenJobs(db, tenant, where, now, force),
    async addRepository(watch, repository, now) {
      const scope = (await readScopes(db, tenant)).find(({ name }) => name === watch);
      if (scope) await addRepositories(db, tenant, scope, [repository], () => now);
    },
    watch: (scope, now) => saveScope(db, tenant, scope, now),
    forget: (watch) => dropScope(db, tenant, watch),
    claim: (kinds, now, worker, until) => claimJob(db, tenant, kinds, now, worker, until),
    hold: (worker, until) => holdJobs(db, tenant, worker, until),
    release: (now) => releaseJobs(db, tenant, now),
    finish: (job, outcome) => finishJob(db, tenant, job, outcome),
    pause: (registry, until) => pauseRegistry(db, tenant, registry, until),
    saveRepositories: (watch, repositories, now, due) => saveCatalogue(db, tenant, watch, repositories, now, due),
    noteLook: (where, now, trouble) => noteLook(db, tenant, where, now, trouble),
    tagsOf: (watch, repository) => readTags(db, tenant, watch, repository),
    saveTags: (job, platform, changes, now) => saveTags(db, tenant, job, platform, changes, now),
    saveImage: (job, platform, inventory, now) => saveImage(db, tenant, job, platform, inventory, now),
    failImage: (job, trouble) => failTags(db, tenant, job, trouble),
    referencesOf: (job) => readReferences(db, tenant, job),
    staleImages: (advisories, limit) => readStaleImages(db, tenant, advisories, limit),
    saveJudgements: (inventories, now) => saveJudgements(db, tenant, inventories, now),
    judgementChanges: (advisories, limit) => readChanges(db, tenant, advisories, limit),
    tell: (events) => tellEvents(db, tenant, events),
    queueJudging: (now) =>
      queueJobs(db, tenant, [{ kind: 'judge', watch: '', registry: '', repository: '', digest: '', due_at: now }]),
    prune: (now) => pruneRegistries(db, tenant, now),
    isUsed: (names) => isUsed(db, tenant, names),
    imagesNamed: (names) => readImagesNamed(db, tenant, names),
  };
}
