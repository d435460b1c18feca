export { connectRegistry, type RegistryOptions } from './connect-registry.ts';
export { type ListOptions, listRepositories, listTags } from './list-registry.ts';
export { formatReference, looksLikeReference, parseReference, type Reference } from './reference.ts';
export type { RegistryClient, RegistryDocument } from './registry-client.ts';
export { type ResolvedDigest, resolveDigest } from './resolve-digest.ts';
