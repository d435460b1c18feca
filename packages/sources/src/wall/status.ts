import { grantedMode, runBehindWall } from './run-behind-wall.ts';

/** What the wall keeps from a parser on this machine, for `doctor` and for the notes of a scan. */
export interface WallStatus {
  /** The child has no network. */
  network: boolean;
  /** The child's memory and CPU time are bounded by the kernel. */
  limits: boolean;
  /** What is missing and what that means, a sentence each; empty where the wall stands whole. */
  missing: string[];
}

/** Starts one empty child, unless one ran already, and says what the machine granted. */
export async function wallStatus(): Promise<WallStatus> {
  if (grantedMode() === undefined) {
    const { z } = await import('zod');
    const schemas = { result: z.literal('through') };
    const probe = { module: import.meta.url, function: 'probe', schemas: () => schemas };
    await runBehindWall(probe, null, { place: { source: 'wall' } });
  }
  const mode = grantedMode();
  const network = mode?.unshare !== undefined;
  const limits = mode?.limits === true;
  const missing: string[] = [];
  if (mode === undefined) missing.push('No child process could be started: nothing foreign can be parsed.');
  else if (!network)
    missing.push('Parsers keep the network: neither "unshare -n" nor user namespaces are allowed here.');
  if (mode !== undefined && !limits)
    missing.push('Memory of parsers is bounded by Node only: "ulimit -d" is refused here.');
  return { network, limits, missing };
}

/** The task that `wallStatus` runs. */
export function probe(): string {
  return 'through';
}
