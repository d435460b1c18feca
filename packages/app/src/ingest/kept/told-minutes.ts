import type { Behaviour, RuntimeEvent } from '@breakwater/model';

/** One minute of one replica: what it did, as places in a list of behaviours. */
export interface ToldMinute {
  /** `2026-11-20T10:31`, UTC. */
  minute: string;
  /** Places of what was done in the list of the batch. */
  did: number[];
}

/** Alerts about one replica in one minute. */
export interface ToldAlerts {
  /** As of `ToldMinute`. */
  minute: string;
  /** What they were about, each as one text; empty for what nobody can say of. */
  about: string[];
}

/** What a container used between two moments. */
export interface ToldUsage {
  /** ISO 8601, UTC. */
  since: string;
  time: string;
  usage: NonNullable<RuntimeEvent['usage']>;
}

/** What a batch tells of one replica of a container of a workload. */
export interface ToldReplica {
  /** As in `BehaviourCount`. */
  subject: string;
  container: string;
  /** Id of the container, else of the pod: whatever is new when it starts anew. */
  replica: string;
  /** Of the image, as far as it is told: digest, else reference; else empty. */
  image: string;
  /** As its container's runtime calls it; empty where nobody tells. */
  imageName: string;
  /** Who told, `sensor@node`. */
  reporter: string;
  minutes: ToldMinute[];
  uses: ToldUsage[];
  /** Kinds of things of which the reporter says here that it tells of them every time. */
  dimensions?: Behaviour['dimension'][];
  /** What its runtime started it with, where that is told here. */
  settings?: NonNullable<NonNullable<RuntimeEvent['watch']>['settings']>;
  /** Minutes, in order, in which alerts were raised about it that may cast doubt on what is new there. */
  alerts?: ToldAlerts[];
}

/** Events that were lost, of one container or of any that the reporter tells of. */
export interface ToldLoss {
  reporter: string;
  /** Empty where it may have been any. */
  replica: string;
  /** ISO 8601, UTC. */
  since: string;
  time: string;
}
