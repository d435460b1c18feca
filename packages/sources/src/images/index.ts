export { detectImage } from './detect-image.ts';
export { findIsal } from './find-isal.ts';
export { type ImagesRead, type ReadImagesOptions, readImages } from './read-images.ts';
export type { RegistryOptions } from './registry/connect-registry.ts';
export { looksLikeReference } from './registry/reference.ts';
export { splitScheme } from './target-scheme.ts';
