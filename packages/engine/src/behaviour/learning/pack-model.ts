import type { BehaviourModelState, StateEntry, StateRelease, StateSketch } from '@breakwater/model';
import type { Entry } from './entry.ts';
import type { Model } from './model.ts';
import { packFile } from './pack-files.ts';
import type { QuantileSketch } from './quantile-sketch.ts';
import type { Release } from './releases.ts';

/** A model as plain JSON: each text once, and of what is made of others nothing. */
export function packModel(model: Model): BehaviourModelState {
  const names = new Map<string, number>();
  const nameOf = (text: string): number => {
    const known = names.get(text);
    if (known !== undefined) return known;
    names.set(text, names.size);
    return names.size - 1;
  };
  const { subject, container, budget, table, replicas, releases, resources, growth, hours, starts } = model;
  const entries = [...table.values()].map((entry) => packEntry(entry, nameOf));
  const packedReleases = releases.all().map((release) => packRelease(release, nameOf));
  return {
    version: 1,
    subject,
    ...(container !== undefined && { container }),
    budget,
    names: [...names.keys()],
    entries,
    replicas: replicas.all().map((replica) => ({ ...replica, above: structuredClone(replica.above) })),
    releases: packedReleases,
    given: { replicas: replicas.given, releases: releases.given, longWatched: replicas.longWatched, starts },
    minutes: [...model.minutes],
    partialMinutes: [...model.partialMinutes],
    hours: hours.parts(),
    latest: model.latest,
    changes: model.changes,
    dropped: [table.droppedText(), table.dropped],
    settled: structuredClone(model.settled),
    held: [...model.held].flatMap(([key, incidents]) => incidents.map((incident): [string, string] => [key, incident])),
    alerts: model.alerts.all(),
    days: [...model.days],
    searched: table.searched,
    letGo: table.letGo,
    sketches: resources.all().map(packSketch),
    releaseSketches: resources.byRelease().map(([release, sketches]) => [release, [...sketches].map(packSketch)]),
    growth: growth.all().map(([minute, behaviours]) => [minute, behaviours]),
  };
}

const packSketch = ([resource, sketch]: [string, QuantileSketch]): StateSketch => [
  resource,
  sketch.buckets(),
  sketch.zeros,
  sketch.highest,
];

function packEntry(entry: Entry, nameOf: (text: string) => number): StateEntry {
  const { behaviour, origin, base, reason, grave, until, incidents, isStart, isPrior } = entry;
  const { actor, parent, object, applet, access, inImage } = behaviour;
  return {
    key: entry.key,
    n: [nameOf(actor), nameOf(parent), nameOf(object), applet === undefined ? -1 : nameOf(applet)],
    c: [entry.dimension, entry.incidences, entry.first, entry.last, entry.minute, entry.mask],
    ...(access !== undefined && { access }),
    ...(inImage !== undefined && { inImage }),
    ...(origin !== undefined && { origin }),
    ...(base !== undefined && { base }),
    ...(reason !== undefined && { reason: nameOf(reason) }),
    ...(grave !== undefined && { grave: nameOf(grave) }),
    since: entry.since,
    ...(Number.isFinite(until) && { until }),
    w: [[...entry.replicas], [...entry.days], [...entry.releases]],
    ...(incidents.length > 0 && { incidents: [...incidents] }),
    ...(!isStart && { later: true as const }),
    ...(isPrior && { prior: true as const }),
    ...(entry.isQuarantined && { quarantined: true as const }),
    ...(entry.isImplied && { implied: true as const }),
  };
}

function packRelease(release: Release, nameOf: (text: string) => number): StateRelease {
  const { facts, index, difference, explained } = release;
  return {
    number: release.number,
    facts: { ...facts, files: [] },
    files: facts.files.map((file) => packFile(file, index.files.get(file.path), nameOf)),
    folders: [...index.folders],
    since: release.since,
    last: release.last,
    minutes: release.minutes,
    replicas: [...release.replicas],
    starts: release.starts,
    ...(difference !== undefined && { difference }),
    explained: explained.map(({ key, by }) => [key, by]),
    unexplained: [...release.unexplained],
  };
}
