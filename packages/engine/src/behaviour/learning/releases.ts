import type { ReleaseDifference, ReleaseFacts } from '@breakwater/model';
import { boundedDifference, boundedFacts } from './bounded-release.ts';
import { differenceOf, withFirst } from './difference-of.ts';
import { MINUTES_PER_DAY } from './moment.ts';
import { fileChangesOf, indexRelease, type ReleaseIndex } from './release-index.ts';

/** Releases of which more than their number is kept. */
const MOST = 16;
/** Releases of which all is kept: those that run, as long as they are two. */
const MOST_WHOLE = 2;
/** Behaviours that are listed as new with one release. */
const MOST_LISTED = 100;
const MOST_LISTED_OLD = 20;
const MOST_CHANGES_OLD = 100;
/** Releases before that explain too, while they ran for less than a day each: what they changed had no time to show. */
const MOST_BEFORE = 4;
/** Minutes for which a release explains what its changed programs do beyond what changed. */
const YOUNG = 7 * MINUTES_PER_DAY;
const MOST_WITNESSES = 64;
const CUT = 'not all changes were kept while other releases ran: those that were not explain nothing';

export interface Release {
  /** Given in the order in which they began. */
  number: number;
  facts: ReleaseFacts;
  since: number;
  last: number;
  minutes: number;
  replicas: number[];
  /** Starts of replicas that were watched from their beginning. */
  starts: number;
  difference: ReleaseDifference | undefined;
  explained: { key: string; by: string }[];
  unexplained: string[];
  index: ReleaseIndex;
}

/** The releases of one workload, of which several may run at once. */
export class Releases {
  readonly #byId = new Map<string, Release>();
  readonly #byNumber = new Map<number, Release>();
  #newest: Release | undefined;
  given = 0;

  constructor(releases: Iterable<Release> = [], given = 0) {
    for (const release of releases) this.#keep(release);
    this.given = given;
  }

  #keep(release: Release): void {
    this.#byId.set(release.facts.id, release);
    this.#byNumber.set(release.number, release);
    if (this.#newest === undefined || release.number > this.#newest.number) this.#newest = release;
  }

  all = (): Release[] => [...this.#byId.values()];
  get newest(): Release | undefined {
    return this.#newest;
  }
  numbered = (number: number): Release | undefined => this.#byNumber.get(number);
  named = (id: string | undefined): Release | undefined => (id === undefined ? this.#newest : this.#byId.get(id));

  /**
   * What differs from the release that was heard of last; undefined for the first, and for one that ran before. `unread`
   * is what it may have been called while nobody had read what is in it, or how it is started: it is no other release then.
   */
  begin(facts: ReleaseFacts, minute: number, ...unread: readonly string[]): ReleaseDifference | undefined {
    const known = this.#byId.get(facts.id);
    if (known !== undefined) {
      known.last = Math.max(known.last, minute);
      if (facts.filesKnown && known.facts.files.length === 0) this.#refill(known, facts);
      return undefined;
    }
    const same = unread.map((id) => this.#byId.get(id)).find((release) => release !== undefined);
    const before = same === undefined ? this.#running() : this.#byId.get(same.difference?.from ?? '');
    const { compared, difference } = compare(facts, before);
    if (same !== undefined) this.#byId.delete(same.facts.id);
    this.#keep({
      ...(same ?? {
        number: this.given++,
        since: minute,
        minutes: 0,
        replicas: [],
        starts: 0,
        explained: [],
        unexplained: [],
      }),
      ...compared,
      last: Math.max(same?.last ?? minute, minute),
    });
    this.#forget();
    return difference;
  }

  /** Somebody went back to a release of which only what people read was kept: what its image holds counts again. */
  #refill(release: Release, facts: ReleaseFacts): void {
    const before = this.#byId.get(release.difference?.from ?? '');
    Object.assign(
      release,
      before?.facts.filesKnown === true ? compare(facts, before).compared : refilled(release, facts),
    );
    this.#forget();
  }

  /** Of several that run at once the one that began last. */
  #running(): Release | undefined {
    let found: Release | undefined;
    for (const release of this.#byId.values())
      if (
        found === undefined ||
        release.last > found.last ||
        (release.last === found.last && release.number > found.number)
      )
        found = release;
    return found;
  }

  /** Facts are large: those of releases that were heard of long ago are cut to what people read. */
  #forget(): void {
    const oldFirst = this.all().sort((a, b) => a.last - b.last || a.number - b.number);
    for (const release of oldFirst.slice(0, Math.max(0, oldFirst.length - MOST))) {
      this.#byId.delete(release.facts.id);
      this.#byNumber.delete(release.number);
    }
    for (const release of oldFirst.slice(0, -MOST_WHOLE)) thin(release);
  }

  /** The release and those before it that had no time to show what they changed; the newest first. */
  explaining(release: Release): Release[] {
    const found = [release];
    let before = this.#byId.get(release.difference?.from ?? '');
    while (
      before !== undefined &&
      before.minutes < MINUTES_PER_DAY &&
      found.length < MOST_BEFORE &&
      !found.includes(before)
    ) {
      found.push(before);
      before = this.#byId.get(before.difference?.from ?? '');
    }
    return found;
  }
}

/** What is kept of a release and of how it differs from the one before; and all that differs. */
function compare(
  facts: ReleaseFacts,
  before: Release | undefined,
): { compared: Pick<Release, 'facts' | 'difference' | 'index'>; difference: ReleaseDifference | undefined } {
  const kept = boundedFacts(facts);
  const difference = before === undefined ? undefined : differenceOf(before.facts, kept);
  const shown = difference === undefined ? undefined : boundedDifference(difference);
  const index = indexRelease(kept, shown, fileChangesOf(kept, difference));
  return { compared: { facts: kept, difference: shown, index }, difference };
}

/** The release before is cut as well: changes that are no more listed explain nothing, and that is said. */
function refilled({ difference }: Release, facts: ReleaseFacts): Pick<Release, 'facts' | 'difference' | 'index'> {
  const kept = boundedFacts(facts);
  const index = indexRelease(kept, difference, fileChangesOf(kept, difference));
  if (!difference?.unlisted || difference.incomplete.includes(CUT)) return { facts: kept, difference, index };
  return { facts: kept, difference: { ...difference, incomplete: [...difference.incomplete, CUT] }, index };
}

export const isYoung = (release: Release, minute: number): boolean => minute - release.since < YOUNG;

export function noteReplica(release: Release, replica: number): void {
  if (release.replicas.length < MOST_WITNESSES && !release.replicas.includes(replica)) release.replicas.push(replica);
}

export function noteExplained(release: Release, key: string, by: string): void {
  if (release.explained.length < MOST_LISTED) release.explained.push({ key, by });
}

export function noteUnexplained(release: Release, key: string): void {
  if (release.unexplained.length < MOST_LISTED) release.unexplained.push(key);
}

function thin(release: Release): void {
  const { facts, difference } = release;
  if (
    facts.files.length === 0 &&
    Object.keys(facts.components).length === 0 &&
    release.explained.length <= MOST_LISTED_OLD
  )
    return;
  release.facts = { ...facts, files: [], filesKnown: false, components: {}, environment: {}, peers: [], mounts: [] };
  release.explained.length = Math.min(release.explained.length, MOST_LISTED_OLD);
  release.unexplained.length = Math.min(release.unexplained.length, MOST_LISTED_OLD);
  if (difference !== undefined) release.difference = withFirst(difference, MOST_CHANGES_OLD);
  release.index = indexRelease(release.facts, release.difference, { files: new Map(), folders: new Map() });
}
