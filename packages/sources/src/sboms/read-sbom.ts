import { open } from 'node:fs/promises';
import { runBehindWall, type WallTask } from '@breakwater/sources/wall';
import { detectSbom } from './detect-sbom.ts';
import type { SbomReading } from './sbom-reading.ts';

/** Largest SBOM that is read, in bytes. */
const LARGEST = 256 * 1024 * 1024;
const HEAD = 65_536;
/** An SBOM of 21 MB needs about ten times its size while it is parsed. */
const MEMORY_MIB = 1024;

const TASK: WallTask<SbomReading> = {
  module: new URL('./read-behind-wall.ts', import.meta.url).href,
  function: 'readBehindWall',
  async schemas() {
    const { sbomReading } = await import('./reading-schema.ts');
    return { result: sbomReading };
  },
};

/**
 * Reads an SBOM file of a stranger. It is parsed in a process of its own; whatever it holds, this does not throw.
 * `source` names it in places, by default the path.
 */
export async function readSbom(
  path: string,
  options: { source?: string; signal?: AbortSignal } = {},
): Promise<SbomReading> {
  const place = { source: options.source ?? path };
  const failed = (code: string, message: string): SbomReading => ({ unknowns: [{ code, message, place }] });
  const file = await open(path).catch((error: Error) => error);
  if (file instanceof Error) return failed('sbom-unreadable', `SBOM could not be opened: ${file.message}`);
  try {
    const { size } = await file.stat();
    if (size > LARGEST) return failed('sbom-too-large', `SBOM has ${size} bytes; at most ${LARGEST} are read`);
    const head = Buffer.alloc(HEAD);
    const { bytesRead } = await file.read(head, 0, HEAD, 0);
    if (detectSbom(head.subarray(0, bytesRead)) === undefined) {
      return failed('sbom-format-unsupported', 'This is no SBOM of a format that is read: CycloneDX, SPDX, Syft JSON');
    }
    const limits = { place, files: [file.fd], memory: MEMORY_MIB, ...(options.signal && { signal: options.signal }) };
    const outcome = await runBehindWall(TASK, place.source, limits);
    return outcome.ok ? outcome.value : { unknowns: [outcome.unknown] };
  } catch (error) {
    options.signal?.throwIfAborted();
    return failed('sbom-unreadable', `SBOM could not be read: ${error instanceof Error ? error.message : error}`);
  } finally {
    await file.close();
  }
}
