import type { Image, Unknown } from '@breakwater/model';

/** The image an SBOM describes. Where it could not be read at all there is none, and `unknowns` says why. */
export interface SbomReading {
  /** What single components lack is in `image.unknowns`. */
  image?: Image;
  unknowns: Unknown[];
}
