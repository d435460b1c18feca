import type { AdvisoryLookup, RegistryEvent, Rejudgement } from '@breakwater/model';
import { openLookup } from '../advisories/open-lookup.ts';
import { openPolicySet } from '../estate/policy-set.ts';
import { judgeInventory } from './judge-inventory.ts';
import type { LookContext } from './look-context.ts';
import { type JudgementChange, type RegistryStore, stampOf } from './registry-store.ts';

/** Images judged in one transaction: what is in memory at a time. */
const BATCH = 8;
/** Images after which what was found out about packages is let go of: it grows with each that nobody had before. */
const REMEMBERED = 64;
/** Vulnerabilities that the story names one by one. */
const NAMED = 50;

/**
 * Judges every stored image anew that older advisories judged, from what is stored: registries are not asked. Findings
 * open and close with these advisories, and the story says so. Goes on where it was ended before.
 */
export async function judgeAgain(
  { store, state, judging, signal, clock }: Pick<LookContext, 'store' | 'state' | 'judging' | 'signal' | 'clock'>,
  onProgress: (images: number) => void = () => {},
): Promise<Rejudgement> {
  const advisories = await openLookup(state, [], signal, judging.vex);
  const stamp = stampOf(advisories.status);
  const sum: Rejudgement = {
    images: 0,
    opened: 0,
    closed: 0,
    advisories: { importedAt: advisories.status.importedAt, newest: advisories.status.newest },
  };
  try {
    const now = new Date(clock()).toISOString();
    const { policySet } = await openPolicySet(judging.policies ?? [], now, advisories.status, undefined, judging);
    let bench = { advisories: { ...advisories, lookup: anew(advisories.lookup) }, policySet };
    while (!signal.aborted) {
      if (sum.images % REMEMBERED < BATCH)
        bench = { ...bench, advisories: { ...advisories, lookup: anew(advisories.lookup) } };
      const stale = await store.staleImages(stamp, BATCH);
      if (stale.length === 0) break;
      const inventories = [];
      for (const { image, readAt } of stale) {
        inventories.push(judgeInventory(image, bench, readAt));
        // Other work of this thread goes on between two images.
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { opened, closed } = await store.saveJudgements(inventories, policySet.now);
      sum.images += stale.length;
      sum.opened += opened;
      sum.closed += closed;
      onProgress(sum.images);
    }
    if (!signal.aborted && stamp !== '') await tellChanges(store, stamp);
    return sum;
  } finally {
    advisories.close();
  }
}

/** The same lookup as another: matching keeps what it found out as long as the lookup it was given. */
const anew = (lookup: AdvisoryLookup): AdvisoryLookup => ({ ...lookup });

/** Tells what these advisories changed: told twice it is told once. */
async function tellChanges(store: RegistryStore, stamp: string): Promise<void> {
  const { opened, closed } = await store.judgementChanges(stamp, NAMED + 1);
  if (opened.length + closed.length === 0) return;
  const day = stamp.slice(0, 10);
  const tell = (kind: RegistryEvent['kind'], { rule, severity, images }: JudgementChange): RegistryEvent => {
    const where = `${images} ${images === 1 ? 'image' : 'images'}`;
    const what = kind === 'vulnerability-new' ? `appeared in ${where} because` : `is gone from ${where}:`;
    const sentence = `${rule} ${what} advisories of ${day} say so`;
    return { time: stamp, kind, severity, subject: rule, sentence };
  };
  const more = opened.length > NAMED || closed.length > NAMED;
  await store.tell([
    ...opened.slice(0, NAMED).map((change) => tell('vulnerability-new', change)),
    ...closed.slice(0, NAMED).map((change) => tell('vulnerability-gone', change)),
    ...(more
      ? [
          {
            time: stamp,
            kind: 'advisories' as const,
            subject: stamp,
            sentence: `Advisories of ${day} changed more than the ${NAMED} vulnerabilities that are named here; the images show all`,
          },
        ]
      : []),
  ]);
}
