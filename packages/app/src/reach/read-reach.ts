import type { ClusterReach } from '@breakwater/engine/network/connectivity';
import type { Unknown } from '@breakwater/model';
import { explainConnections, explainIsolation } from './explain-connections.ts';
import { listConnections } from './list-connections.ts';
import { listExposure, type Unprotected } from './list-exposure.ts';
import { type Note, policiesAboutNobody } from './policies-about-nobody.ts';
import type { ExposureRow, NamespaceRow, ReachQuestion, ReachReason, ReachRow } from './reach-rows.ts';
import { readClusters } from './read-clusters.ts';

/** Pairs that are listed one by one; more are told by namespace. */
const MOST_PAIRS = 20_000;

/** What was asked, and what could not be told for certain. */
export interface ReachListing {
  /** Every workload, whether it can connect or not. */
  workloads: string[];
  rows: ReachRow[];
  /** In place of rows, where there are too many of them. */
  namespaces: NamespaceRow[];
  /** Where both ends are asked for: the reasons of every part, allowed or not. */
  reasons: ReachReason[];
  /** Where it is asked for: what is open to workloads that are not there yet, and what no policy is about. */
  exposure: ExposureRow[];
  unprotected: Unprotected[];
  unknowns: Unknown[];
  notes: Note[];
}

/** Reads manifests and tells who can talk to whom in them, by every network policy. Clusters do not reach each other. */
export async function readReach(
  paths: string[],
  question: ReachQuestion & { exposure?: boolean },
  signal?: AbortSignal,
): Promise<ReachListing & { objects: number }> {
  const { clusters, unknowns, objects } = await readClusters(paths, signal);
  const listing: ReachListing = { ...emptyListing(), unknowns };
  for (const { reach } of clusters) addCluster(listing, reach, question);
  listing.rows.sort((a, b) => (a.from === b.from ? order(a.to, b.to) : order(a.from, b.from)));
  return { ...listing, objects };
}

function emptyListing(): ReachListing {
  return {
    workloads: [],
    rows: [],
    namespaces: [],
    reasons: [],
    exposure: [],
    unprotected: [],
    unknowns: [],
    notes: [],
  };
}

/** Who can talk to whom in one cluster, as far as it is asked. */
function addCluster(
  listing: ReachListing,
  { networks, primaryOf, problems }: ClusterReach,
  question: ReachQuestion & { exposure?: boolean },
): void {
  const { from, to } = question;
  for (const id of primaryOf.keys()) listing.workloads.push(id.split('/').slice(-3).join('/'));
  listing.unknowns.push(...problems);
  listing.notes.push(...policiesAboutNobody(networks));
  for (const one of networks) {
    const { rows, namespaces } = listConnections(one, question, MOST_PAIRS);
    for (const row of rows) listing.rows.push(row);
    listing.namespaces.push(...namespaces);
    if (from !== undefined && to !== undefined) listing.reasons.push(...explainConnections(one, { from, to }));
    if (question.exposure !== true) continue;
    const { exposure, unprotected } = listExposure(one, question);
    for (const row of exposure) listing.exposure.push(row);
    for (const row of unprotected) listing.unprotected.push(row);
  }
  if (from !== undefined && to !== undefined) listing.reasons.push(...explainIsolation(networks, { from, to }));
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
