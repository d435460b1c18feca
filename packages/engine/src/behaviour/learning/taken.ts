import type { Behaviour, RuntimeEvent } from '@breakwater/model';

/** Behaviours of one event, or of one minute, of one replica. */
export interface Taken {
  /** Each with its `behaviourKey`. */
  behaviours: readonly { key: string; behaviour: Behaviour }[];
  /** The replica: id of the container, or of whatever is new when it starts anew. */
  replica: string;
  /** Id of its `ReleaseFacts`; where it is not told the one of this replica before, else the newest that was begun. */
  release?: string | undefined;
  /** ISO 8601, UTC. */
  time: string;
  /** What told of them. */
  event?: RuntimeEvent | undefined;
}

/** How a replica was watched in a minute. */
export interface Watch {
  /** Events of it were lost: what was not seen may have happened. */
  partial?: boolean | undefined;
  /** When the replica was started, where that is known. ISO 8601. */
  started?: string | undefined;
  /** What is told of every time; what the sensor tells where it is not said. */
  dimensions?: readonly Behaviour['dimension'][] | undefined;
  /** As of `Taken`. */
  release?: string | undefined;
}

/** Somebody's word for a behaviour. */
export interface Acceptance {
  owner: string;
  reason: string;
  /** ISO 8601. */
  expires: string;
}

/** What one replica used of resources between two moments. */
export interface ResourceSample {
  replica: string;
  /** ISO 8601, UTC. */
  since: string;
  time: string;
  usage: NonNullable<RuntimeEvent['usage']>;
}
