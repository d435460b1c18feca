import type { AlertBudget } from '@breakwater/model';
import { DIMENSIONS } from '@breakwater/model';
import { Growth } from './growth.ts';
import { HoursWatched } from './hours-watched.ts';
import { KnownIndex } from './known-index.ts';
import { PriorIndex } from './prior-index.ts';
import { RaisedAlerts } from './raised-alerts.ts';
import { Releases } from './releases.ts';
import { Replicas } from './replicas.ts';
import { Resources } from './resources.ts';
import { Table } from './table.ts';

/** Everything that a model of behaviour consists of. `known` and `prior` are made of the table. */
export interface Model {
  subject: string;
  container: string | undefined;
  budget: AlertBudget;
  table: Table;
  known: KnownIndex;
  prior: PriorIndex;
  replicas: Replicas;
  releases: Releases;
  resources: Resources;
  growth: Growth;
  hours: HoursWatched;
  /** Whole and partial minutes of replicas, by dimension. */
  minutes: number[];
  partialMinutes: number[];
  /** Starts of replicas that were watched from their beginning. */
  starts: number;
  /** Newest minute of anything. */
  latest: number;
  /** How often something happened for which settledness has to be counted again at once. */
  changes: number;
  /** Incidents by key of what they hold and nobody saw yet. */
  held: Map<string, string[]>;
  alerts: RaisedAlerts;
  /** Minutes in which each day of watched hours was over: time as it was watched, whatever a clock does. */
  days: number[];
  /** What was settled when it was counted last. */
  settled: { flags: boolean[]; steady: boolean[]; calm: boolean[]; once: number[]; minutes: number; changes: number };
}

export function emptyModel(subject: string, container: string | undefined, budget: AlertBudget): Model {
  return {
    subject,
    container,
    budget,
    table: new Table(),
    known: new KnownIndex(),
    prior: new PriorIndex(),
    replicas: new Replicas(),
    releases: new Releases(),
    resources: new Resources(),
    growth: new Growth(),
    hours: new HoursWatched(),
    minutes: DIMENSIONS.map(() => 0),
    partialMinutes: DIMENSIONS.map(() => 0),
    starts: 0,
    latest: -1,
    changes: 0,
    held: new Map(),
    alerts: new RaisedAlerts(),
    days: [],
    settled: {
      flags: DIMENSIONS.map(() => false),
      steady: DIMENSIONS.map(() => false),
      calm: DIMENSIONS.map(() => false),
      once: DIMENSIONS.map(() => 0),
      minutes: 0,
      changes: 0,
    },
  };
}
