import { IncidentBuilder, processKey, tellIncident } from '@breakwater/engine/incident';
import { compareSeverity, type Incident, type RuntimeEvent } from '@breakwater/model';
import type { OpenDetection } from '../detection/open-detection.ts';
import { AddressBook } from './address-book.ts';
import { openEventJudge } from './judge-events.ts';
import type { KnownOf } from './known-of-estate.ts';

/** What recorded events are told by. */
export interface RecordedOptions {
  detection: OpenDetection;
  knownOf: KnownOf;
}

/** Incidents of recorded events, piece by piece: what is told at the end rests on all of them. */
export interface RecordedIncidents {
  take(events: readonly RuntimeEvent[]): Promise<void>;
  /** The gravest first, then the first. */
  end(): Promise<Incident[]>;
}

const UNLEARNED = 'Whether it is usual here: of its behaviour nothing was learned.';

/** Tells incidents of recorded events, without a store. */
export function tellRecorded({ detection, knownOf }: RecordedOptions): RecordedIncidents {
  const addresses = new AddressBook();
  const builder = new IncidentBuilder([], addresses.subjectsAt);
  const concerns = (event: RuntimeEvent): boolean => {
    const actor = event.type === 'exec' ? event.parent : event.process;
    const key = actor && processKey(event, actor);
    return key !== undefined && builder.concerns(key);
  };
  const judge = openEventJudge({ detection, addresses, concerns, exceptions: async () => [] });
  const tell = async (events: readonly RuntimeEvent[]): Promise<void> => {
    for (const sign of judge.judge(events).signs) {
      const known = await knownOf(sign);
      builder.take(sign, { ...known, unknowns: [...known.unknowns, UNLEARNED] });
    }
  };
  return {
    take: tell,
    async end() {
      await tell(detection.rest());
      const incidents = builder.changes().changed.map(tellIncident);
      return incidents.sort((a, b) => compareSeverity(a.severity, b.severity) || (a.first < b.first ? -1 : 1));
    },
  };
}
