import { Image, Unknown } from '@breakwater/model';
import { z } from 'zod';
import type { SbomReading } from './sbom-reading.ts';

/** The shape of what comes back from behind the wall; a module of its own, so that it is made while the child works. */
export const sbomReading = z.object({
  image: Image.optional(),
  unknowns: z.array(Unknown),
}) as z.ZodType<SbomReading>;
