export { detectImage } from './detect-image.ts';
export { type ImagesRead, type ReadImagesOptions, readImages } from './read-images.ts';
