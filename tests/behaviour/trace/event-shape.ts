import { behavioursOf, behaviourText } from '@breakwater/engine/behaviour';
import type { RuntimeEvent } from '@breakwater/model';

const LONGEST = 200;
/** What differs from time to time in arguments: numbers, hashes, and the temporary files of compilers and mktemp. */
const VARIABLE = /\/tmp\/[\w.]+|[0-9a-f]*\d[0-9a-f]*/gi;

/**
 * Text by which two events are one entry of a dictionary: the same behaviours, by the same program with the same
 * arguments but for numbers, with the same end. An event that is no behaviour has one for its type.
 */
export function shapeOf(event: RuntimeEvent): string {
  const { type, call, callArguments, failure, process: program, parent, file } = event;
  return JSON.stringify([
    behavioursOf(event).map(behaviourText),
    type,
    call,
    callArguments,
    failure,
    program?.path,
    program?.arguments.slice(0, LONGEST).replace(VARIABLE, '#'),
    program?.uid,
    parent?.path,
    parent?.arguments.slice(0, LONGEST).replace(VARIABLE, '#'),
    file?.inImage,
    event.prevention,
    event.watch,
  ]);
}

/** The event without what only this once was so. */
export function withoutInstance(event: RuntimeEvent): Omit<RuntimeEvent, 'time'> {
  const { time: _, container, count: __, process: program, parent, ...rest } = event;
  return {
    ...rest,
    ...(container?.image !== undefined && { container: { image: container.image } }),
    ...(program !== undefined && { process: anyProcess(program) }),
    ...(parent !== undefined && { parent: anyProcess(parent) }),
  };
}

type Process = NonNullable<RuntimeEvent['process']>;

function anyProcess({ pid: _, startTime: __, executionId: ___, ...program }: Process): Process {
  return program;
}
