import { readFileSync } from 'node:fs';
import type { WallContext } from '@breakwater/sources/wall';
import { parseCycloneDx } from './cyclonedx/parse-cyclonedx.ts';
import type { SbomReading } from './sbom-reading.ts';

/** The part of `readSbom` that touches foreign data: runs in the child, which has the file open and nothing else. */
export function readBehindWall(source: string, { files }: WallContext): SbomReading {
  return parseCycloneDx(readFileSync(files[0]!, 'utf8'), source);
}
