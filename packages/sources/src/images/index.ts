export { detectImage } from './detect-image.ts';
export { type ImagesRead, type ReadImagesOptions, readImages } from './read-images.ts';
export type { RegistryOptions } from './registry/open-reference.ts';
export { looksLikeReference } from './registry/reference.ts';
