import type { Reporter } from '@breakwater/engine/evidence';
import type { IncidentSign } from '@breakwater/engine/incident';
import type { Behaviour, BehaviourProfile, Observation, RuntimeEvent } from '@breakwater/model';
import type { SequenceRange } from './sequences.ts';
import type { ToldLoss, ToldReplica } from './told-minutes.ts';

/** What a sensor proves itself with, as it is kept: its secret is not. */
export interface SensorKey {
  /** Part of the key's text, by which it is found. */
  id: string;
  /** What people call it. */
  name: string;
  /** SHA-256 of the secret, hexadecimal. */
  hash: string;
  /** ISO 8601. */
  createdAt: string;
  /** Empty while it is good. */
  revokedAt: string;
  /** Name of the cluster that whoever sends with it is of, whatever the events say. */
  cluster?: string;
}

/** How often something was done, and by whom first. */
export interface BehaviourCount {
  /** `namespace/Kind/name` of the workload, else the image, else the container. */
  subject: string;
  /** Container of the pod; empty where it is of none. */
  container: string;
  /** `behaviourKey`. */
  key: string;
  behaviour: Behaviour;
  first: string;
  last: string;
  count: number;
  /** The first event that showed it, with its processes; absent where those who learn here know that it is done. */
  example?: RuntimeEvent;
}

/** What a batch of events comes to. */
export interface IngestDelta {
  observations: Observation[];
  reporters: Reporter[];
  behaviours: BehaviourCount[];
  /** Alerts, and what was stopped. */
  alerts: RuntimeEvent[];
  /** The same minute by minute, which is what profiles are learned from; with places in `behaviours`. */
  replicas: ToldReplica[];
  losses: ToldLoss[];
}

/** Events that came in one request, folded. */
export interface Batch {
  /** Id of the key that it came with. */
  key: string;
  /** Name that the sensor gives itself; empty for sources that give none. */
  sensor: string;
  /** Number of the batch, where the sensor counts them: it is taken once. */
  sequence?: number;
  /** The sensor has nothing any more that is older: what is missing below is lost. */
  oldest?: number;
  /** ISO 8601. */
  receivedAt: string;
  /** Seconds by which the sensor's clock is ahead of ours; 0 where nobody knows. */
  skew: number;
  events: number;
  unknowns: number;
  /** Events that the source itself says were lost. */
  lost: number;
  /** Whether it tells of anything that this process had not heard of yet. */
  isNews: boolean;
  delta: IngestDelta;
  /** What of it incidents are made of. */
  signs?: IncidentSign[];
}

/** What became of a batch. */
export interface Committed {
  /** False for one that was stored before: it is counted no second time. */
  isNew: boolean;
  /** Numbers of batches that are stored, of this sensor. */
  stored: SequenceRange[];
}

/** One sensor, as it stands. */
export interface SensorState {
  key: string;
  sensor: string;
  seenAt: string;
  stored: SequenceRange[];
  skew: number;
  batches: number;
  duplicates: number;
  events: number;
  unknowns: number;
  lost: number;
}

/** Everything that ingest proved so far. */
export interface IngestEvidence {
  observations: Observation[];
  alerts: RuntimeEvent[];
}

/** Where ingest keeps what it takes. Everything of one batch is stored, or nothing. */
export interface IngestStore {
  keys(): Promise<SensorKey[]>;
  /** False where a good key bears the name already. */
  addKey(key: SensorKey): Promise<boolean>;
  /** False where no good key bears the name. */
  revokeKey(name: string, at: string): Promise<boolean>;
  /** Sensors that ever sent with a key, beside this one. */
  countOtherSensors(key: string, sensor: string): Promise<number>;
  /** Resolves when it will outlast the process and the machine. Throws SequenceGaps. */
  commit(batch: Batch): Promise<Committed>;
  /** Joins what batches brought with what was known before; gives how many there were. */
  compact(): Promise<number>;
  evidence(): Promise<IngestEvidence>;
  /** When something was last told that was new; empty where nothing was. */
  newsAt(): Promise<string>;
  sensors(): Promise<SensorState[]>;
  /** Subjects of which behaviours are known. */
  subjects(): Promise<string[]>;
  /** What is known that a subject does; undefined where nothing is. */
  profile(subject: string): Promise<BehaviourProfile | undefined>;
}
