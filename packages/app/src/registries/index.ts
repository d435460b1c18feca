export { chooseTags, compareTags, exactTags, matchesPattern, type TagChoice } from './choose-tags.ts';
export { imageUses } from './image-uses.ts';
export { judgeAgain } from './judge-again.ts';
export * from './registry-store.ts';
export { isInScope, type NamedScope, scopeOfRegistry, scopesOfList, type WatchSettings } from './scope-name.ts';
export { type WatchOptions, watchRegistries } from './watch-registries.ts';
export { lookWhereNotified, type NotifiedRepository, readNotification } from './webhook.ts';
export { knownImageFindings, withKnownImages } from './with-known-images.ts';
