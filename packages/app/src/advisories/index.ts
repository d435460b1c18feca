export { advisoryIndexPath } from './index-path.ts';
export { type OpenedLookup, openLookup } from './open-lookup.ts';
export { readStatus } from './read-status.ts';
