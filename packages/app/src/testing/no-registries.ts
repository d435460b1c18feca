import type { RegistryView } from '../registries/registry-store.ts';

/** Where nothing is watched: every list is empty, and nothing becomes due. */
export const NO_REGISTRIES: RegistryView = {
  list: async () => ({ items: [], images: 0, unjudged: 0 }),
  tags: async () => ({ items: [], total: 0 }),
  events: async () => [],
  sprawl: async () => ({ tags: 0, unused: 0, endOfLife: 0, gone: 0, repositories: [] }),
  knownImage: async () => undefined,
  scopes: async () => [],
  lookNow: async () => 0,
  addRepository: async () => {},
};
