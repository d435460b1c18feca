import { open } from 'node:fs/promises';
import type { ReportRead } from '@breakwater/model';
import { runBehindWall, type WallTask } from '@breakwater/sources/wall';

/** Largest report that is read, in bytes. */
const LARGEST = 256 * 1024 * 1024;
const MEBIBYTE = 1024 * 1024;
/** MiB for every report, and for each MiB of it. */
const MEMORY = { least: 256, each: 14 };
/** Milliseconds, likewise. */
const TIME = { least: 60_000, each: 1_000 };

const TASK: WallTask<ReportRead> = {
  module: new URL('./read-behind-wall.ts', import.meta.url).href,
  function: 'readBehindWall',
  async schemas() {
    const { reportReading } = await import('./reading-schema.ts');
    return { result: reportReading };
  },
};

/**
 * Reads a report file of another tool. It is parsed in a process of its own; whatever it holds, this does not throw.
 * `source` names it in places, by default the path.
 */
export async function readReport(
  path: string,
  options: { source?: string; signal?: AbortSignal } = {},
): Promise<ReportRead> {
  const place = { source: options.source ?? path };
  const failed = (code: string, message: string): ReportRead => ({
    source: place.source,
    importer: '',
    tool: '',
    findings: [],
    unknowns: [{ code, message, place }],
  });
  const file = await open(path).catch((error: Error) => error);
  if (file instanceof Error) return failed('report-unreadable', `Report could not be opened: ${file.message}`);
  try {
    const { size } = await file.stat();
    if (size > LARGEST) return failed('report-too-large', `Report has ${size} bytes; at most ${LARGEST} are read`);
    const mebibytes = Math.ceil(size / MEBIBYTE);
    const outcome = await runBehindWall(TASK, place.source, {
      place,
      files: [file.fd],
      memory: MEMORY.least + mebibytes * MEMORY.each,
      timeout: TIME.least + mebibytes * TIME.each,
      ...(options.signal && { signal: options.signal }),
    });
    return outcome.ok ? outcome.value : { ...failed('', ''), unknowns: [outcome.unknown] };
  } catch (error) {
    options.signal?.throwIfAborted();
    return failed('report-unreadable', `Report could not be read: ${error instanceof Error ? error.message : error}`);
  } finally {
    await file.close();
  }
}
