import type { WallContext } from '@breakwater/sources/wall';
import { decodeText } from '../ecosystems/read-text.ts';
import { readFromStart } from '../wall/read-from-start.ts';
import { parseSbom } from './parse-sbom.ts';
import type { SbomReading } from './sbom-reading.ts';

/** The part of `readSbom` that touches foreign data: runs in the child, which has the file open and nothing else. */
export async function readBehindWall(source: string, { files }: WallContext): Promise<SbomReading> {
  return await parseSbom(decodeText(readFromStart(files[0]!)), source);
}
