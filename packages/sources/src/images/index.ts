export { detectImage } from './detect-image.ts';
export { type ImagesRead, type ReadImagesOptions, readImages } from './read-images.ts';
export type { RegistryOptions } from './registry/connect-registry.ts';
export { looksLikeReference } from './registry/reference.ts';
export { splitScheme } from './target-scheme.ts';
