import type { IncidentSign, IncidentState } from '@breakwater/engine/incident';
import type { Exception, Incident, IncidentPage, IncidentQuery } from '@breakwater/model';
import type { BehaviourWord } from '../../profiles/kept/index.ts';

/** A sign that is in no incident yet. */
export interface WaitingSign {
  /** Digest of the sign: the same one is taken once. */
  id: string;
  sign: IncidentSign;
}

/** What a turn starts from; everything in one transaction, and nobody else tells meanwhile. */
export interface TurnBasis {
  /** Rises whenever an incident is changed. */
  version: number;
  /** Which of the signs are still in no incident. */
  waiting: ReadonlySet<string>;
  /** Incidents that went on at this time (ISO 8601) or later, the newest where there are very many. */
  load(since: string): Promise<IncidentState[]>;
}

/** What came of a turn. */
export interface Told {
  changed: { state: IncidentState; incident: Incident }[];
  merged: { from: string; into: string }[];
  /** What learning is told with it. */
  words: BehaviourWord[];
}

/** An exception that somebody made of an incident, with where it came from. */
export interface KeptException {
  exception: Exception;
  incident: string;
  /** ISO 8601. */
  at: string;
}

/** An incident as it was changed, with what comes of it: all of it is stored, or nothing. */
export interface ChangedIncident {
  incident: Incident;
  exceptions?: KeptException[];
  /** What learning is told. */
  words?: BehaviourWord[];
}

/** Where incidents are kept, and what waits to be told in them. Bound to one tenant. */
export interface IncidentStore {
  /** Keeps signs until they are told. One that was kept within the last days is not kept again. */
  addSigns(signs: readonly IncidentSign[]): Promise<void>;
  /** The oldest signs that wait. */
  waiting(most: number): Promise<WaitingSign[]>;
  /** Has a sign wait no longer, though it is in no incident: it cannot be told. */
  setAside(id: string): Promise<void>;
  /** Tells signs: what `turn` gives is stored, and the signs are done with. Gives the version that it then is. */
  tell(ids: readonly string[], turn: (basis: TurnBasis) => Promise<Told>): Promise<number>;
  /** Changes an incident while nobody else does; undefined where there is none of this id. */
  change(id: string, change: (state: IncidentState) => ChangedIncident): Promise<Incident | undefined>;
  /** Open ones first, the gravest first, then the newest. */
  list(query: IncidentQuery): Promise<IncidentPage>;
  /** By its own id, that of one that became part of it, or as much of either as only one begins with. */
  read(id: string): Promise<Incident | undefined>;
  /** In force or not, by name. */
  exceptions(): Promise<KeptException[]>;
}
