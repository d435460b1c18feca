import type { AssessmentStore } from '../assessment/view.ts';
import type { AddressBook } from './address-book.ts';
import { ADDRESSES_DOCUMENT, type EstateAddresses } from './estate-addresses.ts';
import { whereNewerAssessment } from './newer-assessment.ts';

/**
 * Has an address book know what the newest assessment says of Services and pods. To be asked before events are judged;
 * `now` gives milliseconds. Nothing is to be waited for where it looked lately.
 */
export function assessedAddresses(
  store: Pick<AssessmentStore, 'summary' | 'readDocument'>,
  addresses: AddressBook,
  now: () => number,
): () => Promise<void> | undefined {
  return whereNewerAssessment(store, now, async () => {
    // Our own: it was written with the assessment.
    const written = (await store.readDocument(...ADDRESSES_DOCUMENT)) as EstateAddresses | undefined;
    addresses.know(written ?? { places: [] });
  });
}
