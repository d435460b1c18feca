import type { Behaviour, EventProcess, RuntimeEvent } from '@breakwater/model';
import type { ToldReplica, ToldUsage } from '../ingest/kept/index.ts';

/** Where and when something was done of which no event came with it. */
export interface ToldDeed {
  told: ToldReplica;
  behaviour: Behaviour;
  /** ISO 8601, UTC. */
  time: string;
}

const TYPES: Readonly<Record<Behaviour['dimension'], RuntimeEvent['type']>> = {
  exec: 'exec',
  open: 'open',
  connect: 'connect',
  listen: 'listen',
  privilege: 'privilege',
  capability: 'privilege',
  syscall: 'syscall',
};

/**
 * What was known, and is not any more, comes without an event: it looks like the one that showed it first, at another time
 * and on another replica. Which process it was nobody knows.
 */
export function eventLike(example: RuntimeEvent | undefined, { told, behaviour, time }: ToldDeed): RuntimeEvent {
  const {
    process: actor = plainProcess(behaviour),
    parent,
    node: _,
    ...rest
  } = example ?? plainEvent(told, TYPES[behaviour.dimension]);
  return {
    ...rest,
    time,
    ...placeOf(told, example?.container),
    process: withoutInstance(actor),
    ...(parent && { parent: withoutInstance(parent) }),
  };
}

/** What a replica used until `time`. */
export const eventOfUse = (told: ToldReplica, time: string, usage: ToldUsage['usage']): RuntimeEvent => ({
  ...plainEvent(told, 'resource'),
  time,
  usage,
  ...placeOf(told, told.container === '' ? undefined : { name: told.container }),
});

/** The node and the container of a replica, of which `known` is known beside. */
function placeOf(
  { replica, image, imageName, reporter }: ToldReplica,
  known: RuntimeEvent['container'],
): Pick<RuntimeEvent, 'node' | 'container'> {
  const node = reporter.slice(reporter.indexOf('@') + 1);
  const container = { ...known, id: replica, ...(imageName !== '' && { image: imageName }) };
  const digest = image.startsWith('sha256:') ? { imageDigest: image } : {};
  return { ...(node !== '' && { node }), container: { ...container, ...digest } };
}

const plainEvent = ({ reporter }: ToldReplica, type: RuntimeEvent['type']): RuntimeEvent => ({
  source: reporter.slice(0, reporter.indexOf('@')) as RuntimeEvent['source'],
  time: '',
  type,
});

const plainProcess = ({ dimension, actor, object }: Behaviour): EventProcess => ({
  path: dimension === 'exec' ? object : actor,
  arguments: '',
});

const withoutInstance = ({ pid: _, executionId: __, startTime: ___, ...program }: EventProcess): EventProcess =>
  program;
