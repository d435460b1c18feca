import {
  type Behaviour,
  type BehaviourModelState,
  DIMENSIONS,
  type ReleaseFile,
  type StateEntry,
  type StateRelease,
  type StateSketch,
} from '@breakwater/model';
import { type Entry, newEntry } from './entry.ts';
import { Growth } from './growth.ts';
import { HoursWatched } from './hours-watched.ts';
import { KnownIndex } from './known-index.ts';
import type { Model } from './model.ts';
import { unpackFile } from './pack-files.ts';
import { PriorIndex } from './prior-index.ts';
import { QuantileSketch } from './quantile-sketch.ts';
import { RaisedAlerts } from './raised-alerts.ts';
import { type FileChange, indexRelease } from './release-index.ts';
import { type Release, Releases } from './releases.ts';
import { Replicas } from './replicas.ts';
import { Resources, type Sketches } from './resources.ts';
import { Table } from './table.ts';

/** The model that `packModel` packed. */
export function restoreModel(state: BehaviourModelState): Model {
  const { given, dropped, names } = state;
  const entries = state.entries.map((packed) => entryOf(packed, names));
  const table = new Table(entries, ...dropped);
  table.searched = state.searched;
  table.letGo = state.letGo;
  return {
    subject: state.subject,
    container: state.container,
    budget: state.budget,
    table,
    known: new KnownIndex(entries),
    prior: new PriorIndex(entries),
    replicas: new Replicas(
      state.replicas.map((replica) => ({ ...replica, above: structuredClone(replica.above) })),
      given.replicas,
      given.longWatched,
    ),
    releases: new Releases(
      state.releases.map((release) => releaseOf(release, names)),
      given.releases,
    ),
    resources: new Resources(
      sketchesOf(state.sketches),
      new Map((state.releaseSketches ?? []).map(([release, sketches]) => [release, sketchesOf(sketches)])),
    ),
    growth: new Growth(state.growth),
    hours: HoursWatched.of(state.hours),
    minutes: [...state.minutes],
    partialMinutes: [...state.partialMinutes],
    starts: given.starts,
    latest: state.latest,
    changes: state.changes,
    held: new Map(
      [...Map.groupBy(state.held, ([key]) => key)].map(([key, pairs]) => [key, pairs.map(([, incident]) => incident)]),
    ),
    alerts: new RaisedAlerts(state.alerts),
    days: [...state.days],
    settled: structuredClone(state.settled),
  };
}

const sketchesOf = (packed: readonly StateSketch[]): Sketches =>
  new Map(packed.map(([resource, buckets, zeros, highest]) => [resource, new QuantileSketch(buckets, zeros, highest)]));

function entryOf(packed: StateEntry, names: readonly string[]): Entry {
  const [actor, parent, object, applet] = packed.n.map((place) => names[place] ?? '') as [
    string,
    string,
    string,
    string,
  ];
  const [dimension, incidences, first, last, minute, mask] = packed.c;
  const behaviour: Behaviour = {
    dimension: DIMENSIONS[dimension] ?? 'exec',
    actor,
    parent,
    ...(packed.access !== undefined && { access: packed.access }),
    object,
    ...(packed.inImage !== undefined && { inImage: packed.inImage }),
    ...(packed.n[3] >= 0 && { applet }),
  };
  const [replicas, days, releases] = packed.w;
  return {
    ...newEntry(packed.key, behaviour),
    origin: packed.origin,
    base: packed.base,
    reason: packed.reason === undefined ? undefined : names[packed.reason],
    grave: packed.grave === undefined ? undefined : names[packed.grave],
    incidences,
    first,
    last,
    minute,
    mask,
    since: packed.since,
    until: packed.until ?? Number.POSITIVE_INFINITY,
    replicas: [...replicas],
    days: [...days],
    releases: [...releases],
    incidents: [...(packed.incidents ?? [])],
    isStart: packed.later !== true,
    isPrior: packed.prior === true,
    isQuarantined: packed.quarantined === true,
    isImplied: packed.implied === true,
  };
}

function releaseOf(packed: StateRelease, names: readonly string[]): Release {
  const changes = new Map<string, FileChange>();
  // Rows of states that were kept before had texts in other places: of those releases the files are not known, until they are read.
  const isReadable = packed.files.every(([kind]) => typeof kind === 'number');
  const files = (isReadable ? packed.files : []).map((row): ReleaseFile => {
    const { file, change } = unpackFile(row, names);
    if (change !== undefined) for (const name of [file.path, ...(file.links ?? [])]) changes.set(name, change);
    return file;
  });
  const facts = { ...packed.facts, files, filesKnown: packed.facts.filesKnown && isReadable };
  return {
    number: packed.number,
    facts,
    since: packed.since,
    last: packed.last,
    minutes: packed.minutes,
    replicas: [...packed.replicas],
    starts: packed.starts,
    difference: packed.difference,
    explained: packed.explained.map(([key, by]) => ({ key, by })),
    unexplained: [...packed.unexplained],
    index: indexRelease(facts, packed.difference, { files: changes, folders: new Map(packed.folders) }),
  };
}
