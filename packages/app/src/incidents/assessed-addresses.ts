import type { AssessmentStore } from '../assessment/view.ts';
import type { AddressBook } from './address-book.ts';
import { ADDRESSES_DOCUMENT, type EstateAddresses } from './estate-addresses.ts';

/** Milliseconds between looks for a newer assessment. */
const LOOKED_AFTER = 5_000;

/**
 * Has an address book know what the newest assessment says of Services and pods. To be asked before events are judged;
 * `now` gives milliseconds. Nothing is to be waited for where it looked lately.
 */
export function assessedAddresses(
  store: Pick<AssessmentStore, 'summary' | 'readDocument'>,
  addresses: AddressBook,
  now: () => number,
): () => Promise<void> | undefined {
  let [time, lookedAt] = ['', Number.NEGATIVE_INFINITY];
  const look = async (): Promise<void> => {
    lookedAt = now();
    const newest = (await store.summary())?.time ?? '';
    if (newest === time) return;
    // Our own: it was written with the assessment.
    const written = (await store.readDocument(...ADDRESSES_DOCUMENT)) as EstateAddresses | undefined;
    addresses.know(written ?? { places: [] });
    time = newest;
  };
  return () => (now() - lookedAt < LOOKED_AFTER ? undefined : look());
}
