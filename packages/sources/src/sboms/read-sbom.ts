import { open } from 'node:fs/promises';
import { runBehindWall, type WallTask } from '@breakwater/sources/wall';
import { detectSbom } from './detect-sbom.ts';
import type { SbomReading } from './sbom-reading.ts';

/** Largest SBOM that is read, in bytes. */
const LARGEST = 256 * 1024 * 1024;
const HEAD = 65_536;
const MEBIBYTE = 1024 * 1024;
/** MiB for every document, and for each MiB of it: 94 MB of JSON with 90,000 packages took 720. */
const MEMORY = { least: 256, each: 10 };
/** Milliseconds, likewise: the same took 4 s of a processor, and there may be many who want one. */
const TIME = { least: 60_000, each: 1_000 };

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
    const mebibytes = Math.ceil(size / MEBIBYTE);
    const limits = {
      place,
      files: [file.fd],
      memory: MEMORY.least + mebibytes * MEMORY.each,
      timeout: TIME.least + mebibytes * TIME.each,
      ...(options.signal && { signal: options.signal }),
    };
    const outcome = await runBehindWall(TASK, place.source, limits);
    return outcome.ok ? outcome.value : { unknowns: [outcome.unknown] };
  } catch (error) {
    options.signal?.throwIfAborted();
    return failed('sbom-unreadable', `SBOM could not be read: ${error instanceof Error ? error.message : error}`);
  } finally {
    await file.close();
  }
}
