import type { Behaviour, EventProcess, RuntimeEvent } from '@breakwater/model';
import type { ToldReplica } from '../ingest/kept/index.ts';

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
  const { replica, image, imageName, reporter } = told;
  const at = reporter.indexOf('@');
  const node = reporter.slice(at + 1);
  const container = { ...example?.container, id: replica, ...(imageName !== '' && { image: imageName }) };
  const digest = image.startsWith('sha256:') ? { imageDigest: image } : {};
  const { process: actor = plainProcess(behaviour), parent, node: _, ...rest } = example ?? plainEvent(told, behaviour);
  return {
    ...rest,
    time,
    ...(node !== '' && { node }),
    container: { ...container, ...digest },
    process: withoutInstance(actor),
    ...(parent && { parent: withoutInstance(parent) }),
  };
}

const plainEvent = ({ reporter }: ToldReplica, { dimension }: Behaviour): RuntimeEvent => ({
  source: reporter.slice(0, reporter.indexOf('@')) as RuntimeEvent['source'],
  time: '',
  type: TYPES[dimension],
});

const plainProcess = ({ dimension, actor, object }: Behaviour): EventProcess => ({
  path: dimension === 'exec' ? object : actor,
  arguments: '',
});

const withoutInstance = ({ pid: _, executionId: __, startTime: ___, ...program }: EventProcess): EventProcess =>
  program;
