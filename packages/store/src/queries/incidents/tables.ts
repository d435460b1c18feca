/** A sign that waits to be told, was told, or could not be. */
export interface IncidentSignTable {
  tenant: string;
  /** Digest of the sign. */
  id: string;
  status: 'waits' | 'told' | 'aside';
  added_at: string;
  /** `IncidentSign`; empty once it is told. */
  document: string;
}

/** An incident, whole and as its line in lists. */
export interface IncidentTable {
  tenant: string;
  id: string;
  status: string;
  first_seen: string;
  last_seen: string;
  search: string;
  /** Each between line breaks. */
  subjects: string;
  /** `IncidentSummary`, for lists. */
  summary: string;
  /** `Incident`. */
  document: string;
  /** `IncidentState`, of which the document is told. */
  state: string;
  /** 0 while it is open. */
  is_done: number;
  /** 0 critical to 4 unknown. */
  severity: number;
}

/** Ids of incidents that became part of another. */
export interface IncidentNameTable {
  tenant: string;
  id: string;
  incident: string;
}

/** An exception that came of an incident. */
export interface IncidentExceptionTable {
  tenant: string;
  name: string;
  /** `KeptException`. */
  document: string;
}
