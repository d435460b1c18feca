import { readFileSync } from 'node:fs';
import type { EventProcess, RuntimeEvent } from '@breakwater/model';
import type { ContainerFacts } from '../containers/index.ts';
import type { Program } from '../observe/index.ts';
import { readListeners } from './read-listeners.ts';
import { readProgram } from './read-program.ts';

/**
 * Where a container listens that ran before it was watched: an event for each, as if it began to now. Nobody would ever
 * know of its ports otherwise. `pids` are all of its processes; `time` is ISO 8601.
 */
export function* existingListeners(
  facts: ContainerFacts,
  pids: readonly number[],
  time: string,
): Generator<RuntimeEvent> {
  for (const { pid, address, port, protocol } of readListeners(pids)) {
    const acting = describeProcess(pid);
    if (acting === undefined) continue;
    const parent = pids.includes(acting.parent) ? describeProcess(acting.parent)?.process : undefined;
    yield {
      source: 'sensor',
      time,
      type: 'listen',
      ...facts,
      process: acting.process,
      ...(parent && { parent }),
      local: { address, port, ...(protocol !== 'TCP' && { protocol }) },
    };
  }
}

/** A process that runs, by what /proc tells of it; undefined where it has ended. */
function describeProcess(pid: number): { process: EventProcess; parent: number } | undefined {
  const program = readProgram(pid);
  const status = program && statusOf(pid);
  if (program === undefined || status === undefined) return undefined;
  const numberIn = (field: RegExp): number => Number(field.exec(status)?.[1] ?? 0);
  // Real, effective, saved.
  const uid = numberIn(/^Uid:\s+\d+\s+(\d+)/m);
  return { process: { ...withoutUnknown(program), pid, uid }, parent: numberIn(/^PPid:\s+(\d+)/m) };
}

function statusOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return undefined;
  }
}

function withoutUnknown({ path, arguments: words, applet, fileless }: Program): EventProcess {
  return { path, arguments: words, ...(applet !== undefined && { applet }), ...(fileless && { fileless }) };
}
