export { connectRegistry, type RegistryOptions } from './connect-registry.ts';
export { type ListOptions, listRepositories, listTags } from './list-registry.ts';
export { resolveImage } from './open-reference.ts';
export { type Attachment, type BlobDescriptor, pushReferrer, referrerManifest } from './push-referrer.ts';
export { formatReference, looksLikeReference, parseReference, type Reference } from './reference.ts';
export { type AttachedDocument, readReferrers } from './referrers.ts';
export type { RegistryClient, RegistryDocument } from './registry-client.ts';
export { type ResolvedDigest, resolveDigest } from './resolve-digest.ts';
