import { IncidentBuilder, processKey, tellIncident } from '@breakwater/engine/incident';
import { compareSeverity, type Incident, type RuntimeEvent } from '@breakwater/model';
import type { OpenDetection } from '../detection/open-detection.ts';
import type { ReadProfile } from '../profiles/read-profiles.ts';
import { AddressBook } from './address-book.ts';
import type { EstateAddresses } from './estate-addresses.ts';
import { judgeByProfiles } from './judge-by-profiles.ts';
import { openEventJudge } from './judge-events.ts';
import type { KnownOf } from './known-of-estate.ts';

/** What recorded events are told by. */
export interface RecordedOptions {
  detection: OpenDetection;
  knownOf: KnownOf;
  /** What is usual: what is beyond it is told as a deviation. */
  profiles?: readonly ReadProfile[] | undefined;
  /** Where connections lead to, as the estate says. */
  places?: EstateAddresses | undefined;
}

/** Incidents of recorded events, piece by piece: what is told at the end rests on all of them. */
export interface RecordedIncidents {
  take(events: readonly RuntimeEvent[]): Promise<void>;
  /** The gravest first, then the first. */
  end(): Promise<Incident[]>;
  /** What could not be judged by the profiles that were named, a sentence each; to be asked after the end. */
  unjudged(): string[];
}

/** Tells incidents of recorded events, without a store. */
export function tellRecorded({ detection, knownOf, profiles = [], places }: RecordedOptions): RecordedIncidents {
  const addresses = new AddressBook();
  if (places !== undefined) addresses.know(places);
  const builder = new IncidentBuilder([], addresses.subjectsAt);
  const concerns = (event: RuntimeEvent): boolean => {
    const actor = event.type === 'exec' ? event.parent : event.process;
    const key = actor && processKey(event, actor);
    return key !== undefined && builder.concerns(key);
  };
  const judge = openEventJudge({ detection, addresses, concerns, exceptions: async () => [] });
  const usual = judgeByProfiles(profiles);
  const tell = async (events: readonly RuntimeEvent[]): Promise<void> => {
    const deviations = events.flatMap((event) => usual.judge(event));
    for (const sign of [...judge.judge(events).signs, ...deviations]) {
      const known = await knownOf(sign);
      builder.take(sign, { ...known, unknowns: [...known.unknowns, ...usual.unknownsOf(sign.event)] });
    }
  };
  return {
    take: tell,
    unjudged: usual.end,
    async end() {
      await tell(detection.rest());
      const incidents = builder.changes().changed.map(tellIncident);
      return incidents.sort((a, b) => compareSeverity(a.severity, b.severity) || (a.first < b.first ? -1 : 1));
    },
  };
}
