import { openDetection } from '@breakwater/app/detection';
import {
  type EstateAddresses,
  estateAddresses,
  type KnownOf,
  knownOfEstate,
  tellRecorded,
} from '@breakwater/app/incidents';
import type { ReadProfiles } from '@breakwater/app/profiles';
import type { Incident, Unknown } from '@breakwater/model';
import { readEventBatches } from '@breakwater/sources/events';
import { assessWithProgress, namedJudging } from '../assess.ts';
import type { Invocation } from '../command.ts';
import { sortPaths } from '../event-paths.ts';

/** Incidents of recorded events, with what could not be read. */
export interface Recorded {
  incidents: Incident[];
  unknowns: Unknown[];
  events: number;
  /** What could not be judged by the profiles that were named, a sentence each. */
  unjudged: string[];
}

/** Judges files of events with what manifests and images tell of their containers; no server and no store. */
export async function recordedIncidents(invocation: Invocation): Promise<Recorded> {
  const { events, estate } = await sortPaths(invocation);
  const { state, signal } = invocation;
  const { policies, packs } = namedJudging(invocation);
  const known = await readEstate(invocation, estate);
  const { surroundingsOf } = known;
  const now = new Date().toISOString();
  const detection = await openDetection({ state, now, policies, packs, surroundingsOf, signal });
  const { profiles, unknowns: ofProfiles } = await namedProfiles(invocation);
  const recorded = tellRecorded({ detection, knownOf: known.knownOf(detection.fixOf), profiles, places: known.places });
  const unknowns: Unknown[] = [...detection.unknowns, ...ofProfiles];
  let count = 0;
  for (const path of events) {
    for await (const batch of readEventBatches(path)) {
      signal.throwIfAborted();
      unknowns.push(...batch.flatMap(({ unknown }) => unknown ?? []));
      const read = batch.flatMap(({ event }) => event ?? []);
      count += read.length;
      await recorded.take(read);
    }
  }
  return { incidents: await recorded.end(), unknowns, events: count, unjudged: recorded.unjudged() };
}

/** What is usual: profiles that were exported or recorded, and recordings of what is. */
async function namedProfiles({ options, signal }: Invocation): Promise<ReadProfiles> {
  const paths = (options['profile'] as string[] | undefined) ?? [];
  if (paths.length === 0) return { profiles: [], unknowns: [] };
  const { readProfiles } = await import('@breakwater/app/profiles');
  return await readProfiles(paths, { signal });
}

interface Estate {
  knownOf(fixOf: (policy: string) => string | undefined): KnownOf;
  surroundingsOf?: NonNullable<Parameters<typeof openDetection>[0]['surroundingsOf']>;
  places?: EstateAddresses;
}

/** What was seen at run time tells which components were loaded: the events are read with the estate. */
async function readEstate(invocation: Invocation, estate: readonly string[]): Promise<Estate> {
  if (estate.length === 0) {
    const unknowns = ['Where it is exposed and what its identity may do: no manifests and images were named.'];
    return {
      knownOf: (fixOf) => async (sign) => {
        const fix = sign.event.alert && fixOf(sign.event.alert.rule);
        return { facts: [], unknowns, ...(fix !== undefined && { fix }) };
      },
    };
  }
  const { viewAssessment } = await import('@breakwater/app/assessment');
  const { estateSurroundings } = await import('@breakwater/app/detection');
  let surroundingsOf: Estate['surroundingsOf'];
  let places: Estate['places'];
  const { positionals } = invocation;
  const assessment = await assessWithProgress(invocation, positionals, undefined, undefined, (gathered, reading) => {
    surroundingsOf = estateSurroundings(gathered.facts, reading.images);
    places = estateAddresses(gathered.facts);
  });
  const view = viewAssessment(assessment);
  return {
    knownOf: (fixOf) => knownOfEstate(view, fixOf),
    ...(surroundingsOf && { surroundingsOf }),
    ...(places && { places }),
  };
}
