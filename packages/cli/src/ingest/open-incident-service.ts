import { openDetection } from '@breakwater/app/detection';
import {
  AddressBook,
  assessedAddresses,
  assessedSurroundings,
  type EventJudge,
  knownOfEstate,
  openEventJudge,
  openIncidents,
} from '@breakwater/app/incidents';
import type { Deviation } from '@breakwater/app/profiles';
import type { EstateStore } from '@breakwater/store';
import type { IngestSettings } from './ingest-options.ts';

/** Judges what comes in, and tells it in incidents. */
export interface IncidentService {
  judge: EventJudge;
  /** Takes what learning found to be new and unexplained. */
  deviated(found: readonly Deviation[]): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds for which exceptions of incidents are taken for those that there are. */
const EXCEPTIONS_KEPT = 2_000;

/** Opens both on a store. @throws {UserError} where policies cannot be had */
export async function openIncidentService(
  store: EstateStore,
  { state, policies = [], packs = [] }: Pick<IngestSettings, 'state' | 'policies' | 'packs'>,
  report: (line: string) => void,
): Promise<IncidentService> {
  const surroundings = assessedSurroundings(store, Date.now);
  const now = new Date().toISOString();
  const detection = await openDetection({ state, now, policies, packs, surroundingsOf: surroundings.of });
  const addresses = new AddressBook();
  const readAddresses = assessedAddresses(store, addresses, Date.now);
  const incidents = openIncidents({
    incidents: store.incidents,
    now: Date.now,
    knownOf: knownOfEstate(store, detection.fixOf),
    subjectsAt: addresses.subjectsAt,
    report,
  });
  const judge = openEventJudge({
    detection,
    addresses,
    concerns: (event) => incidents.concerns(event),
    exceptions: keptFor(EXCEPTIONS_KEPT, async () =>
      (await store.incidents.exceptions()).map(({ exception }) => exception),
    ),
    prepare(events) {
      const [read, prepared] = [readAddresses(), surroundings.prepare(events)];
      return read === undefined && prepared === undefined
        ? undefined
        : Promise.all([read, prepared]).then(() => undefined);
    },
    onStored: () => incidents.nudge(),
  });
  return {
    judge,
    async deviated(found) {
      if (found.length === 0) return;
      await store.incidents.addSigns(found.map((one) => ({ kind: 'use' in one ? 'context' : 'deviation', ...one })));
      incidents.nudge();
    },
    close: () => incidents.close(),
  };
}

/** Reads again only after a while. */
function keptFor<T>(milliseconds: number, read: () => Promise<T>): () => Promise<T> {
  let [kept, at]: [Promise<T> | undefined, number] = [undefined, 0];
  return () => {
    if (kept !== undefined && Date.now() - at < milliseconds) return kept;
    at = Date.now();
    kept = read();
    kept.catch(() => {
      kept = undefined;
    });
    return kept;
  };
}
