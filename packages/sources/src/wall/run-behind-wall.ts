import type { ChildProcess } from 'node:child_process';
import type { Place, Unknown } from '@breakwater/model';
import { converse, type Ending } from './converse.ts';
import { CHILD, LIMITS_REFUSED, launch, type WallMode, wallModes } from './launch.ts';
import { strippedModules } from './stripped-modules.ts';
import type { WallOptions, WallOutcome, WallTask } from './task.ts';

const DEFAULT_MEMORY_MIB = 256;
const DEFAULT_TIMEOUT_MS = 60_000;

let granted: WallMode | undefined;

/** The mode that children run in; undefined before the first one started. */
export function grantedMode(): WallMode | undefined {
  return granted;
}

/**
 * Runs a parser of foreign input in a child process: no network, no secrets, no file but the descriptors handed over,
 * bounded memory and time. Where the machine grants less, it runs with what there is, and `wallStatus` says so.
 * Only an abort rejects.
 */
export async function runBehindWall<Result, Item = never>(
  task: WallTask<Result, Item>,
  input: unknown,
  options: WallOptions<Item>,
): Promise<WallOutcome<Result>> {
  const { memory = DEFAULT_MEMORY_MIB, timeout = DEFAULT_TIMEOUT_MS, files = [], readable = [] } = options;
  const { place, addons = false } = options;
  options.signal?.throwIfAborted();
  const stdio = files.map((file) => (typeof file === 'number' ? file : ('pipe' as const)));
  const [stripped, boot] = await Promise.all([strippedModules(task.module), strippedModules(CHILD)]);
  const modes = granted === undefined ? wallModes() : [granted];
  for (;;) {
    const mode = modes.shift()!;
    const child = launch(mode, {
      files: stdio,
      memory,
      timeout,
      readable,
      addons,
      module: task.module,
      boot: boot.modules[CHILD],
    });
    const { started, ending } = await converse(child, task, input, { ...options, timeout, stripped });
    options.signal?.throwIfAborted();
    if (started) granted = mode;
    // A refusal ends the child at once; one that was slow to start was not refused.
    else if (modes.length > 0 && ending.kind !== 'timeout') continue;
    else if (child.exitCode === LIMITS_REFUSED) {
      modes.push({ unshare: undefined, limits: false });
      continue;
    }
    if (ending.kind === 'value') return { ok: true, value: ending.value };
    return { ok: false, unknown: { ...explain(ending, child, memory, timeout, place), place } };
  }
}

function explain<Result>(
  ending: Exclude<Ending<Result>, { kind: 'value' }>,
  child: ChildProcess,
  memory: number,
  timeout: number,
  { source }: Place,
): Pick<Unknown, 'code' | 'message'> {
  const parser = `The parser of ${source}`;
  const tooLarge = { code: 'parser-out-of-memory', message: `${parser} needed more than ${memory} MiB of memory` };
  switch (ending.kind) {
    case 'timeout':
      return { code: 'parser-timed-out', message: `${parser} did not end within ${timeout / 1000} s` };
    case 'invalid':
      return { code: 'parser-result-invalid', message: `${parser} gave a result of a wrong form: ${ending.why}` };
    case 'failed':
      if (/allocat|out of memory/i.test(ending.why)) return tooLarge;
      return { code: 'parser-failed', message: `${parser} stopped: ${ending.why}` };
    case 'ended': {
      if (/out of memory|allocation failed|failed to allocate/i.test(ending.errors)) return tooLarge;
      const how = child.signalCode === null ? `exit code ${child.exitCode}` : `signal ${child.signalCode}`;
      return { code: 'parser-crashed', message: `${parser} ended with ${how}` };
    }
  }
}
