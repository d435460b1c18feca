import type {
  EventProcess,
  Incident,
  IncidentEntry,
  IncidentFact,
  IncidentFeedback,
  Severity,
} from '@breakwater/model';
import type { Link } from './links.ts';

/** Whom and what an alert is about, as scopes of exceptions name it. */
export interface AlertScope {
  namespaces?: string[];
  workloads?: string[];
  images?: string[];
  processes?: string[];
  paths?: string[];
  peers?: string[];
  actors?: string[];
}

/** An entry while it may still be counted on. */
export interface KeptEntry extends Omit<IncidentEntry, 'process'> {
  /** Equal for what is told once with a count. */
  mark: string;
  /** Of the process, as `KeptProcess` has it. */
  process?: string;
  severity: Severity;
  /** When it was last seen. */
  last: string;
  /** Whether its dimension was settled; of a deviation. */
  isSettled?: boolean;
  container?: string;
  /** Of an alert: what of it an exception for just this would name. */
  scope?: AlertScope;
  /** What was done to what, to tell an alert and a prevention of the same deed. */
  deed: string;
}

export interface KeptProcess extends EventProcess {
  key: string;
  parent?: string;
  /** When it acted last; empty where it is known only as the parent of one that did. */
  acted: string;
  subject: string;
  container?: string;
  containerId?: string;
  pod?: string;
  node?: string;
}

/** All that is known of an incident: what is stored, and told as an `Incident`. Plain data. */
export interface IncidentState {
  id: string;
  /** Ids of incidents that turned out to be this one. */
  merged: string[];
  status: Incident['status'];
  /** ISO 8601. */
  first: string;
  last: string;
  /** With the time at which each came in first. */
  subjects: { name: string; first: string }[];
  entries: KeptEntry[];
  processes: KeptProcess[];
  /** Signs that were taken, context too. */
  signs: number;
  /** Whether events were lost, or profiles were not whole, while it went on. */
  isLossy: boolean;
  facts: IncidentFact[];
  unknowns: string[];
  /** By policy, how it says that such a thing is mended. */
  fixes: Record<string, string>;
  feedback: IncidentFeedback[];
  links: Link[];
}

/** What build and deploy know of a sign's surroundings. */
export interface KnownOfSign {
  facts: IncidentFact[];
  /** What was not known of them, a sentence each. */
  unknowns: string[];
  /** How the policy says that it is mended. */
  fix?: string;
}

/** Entries of one incident that are kept: the gravest, then the first. */
export const MOST_ENTRIES = 200;
export const MOST_PROCESSES = 300;
/** Things that may join it with others; the oldest go. */
export const MOST_LINKS = 2_000;
export const MOST_FACTS = 40;
export const MOST_SUBJECTS = 100;
