import type { Behaviour } from '@breakwater/model';
import type { Entry } from './entry.ts';
import { Groups } from './groups.ts';
import { versionlessText } from './versions.ts';

/** Other programs that do the same, from which on it is what programs do here. */
const COMMON = 3;

/** What is known, by what new behaviours may have in common with it. Made of known entries alone, in any order. */
export class KnownIndex {
  readonly groups = new Groups();
  /** Who was seen to start what: actor and program. */
  readonly #starts = new Set<string>();
  /** Actors by what they do; whoever started them. */
  readonly #actors = new Map<string, Set<string>>();
  readonly #deeds = new Map<string, number>();
  readonly #versions = new Map<string, Entry>();

  constructor(entries: Iterable<Entry> = []) {
    for (const entry of entries) if (entry.origin !== undefined) this.add(entry);
  }

  add(entry: Entry): void {
    const { behaviour } = entry;
    const { dimension, actor, object } = behaviour;
    if (entry.incidences > 0) this.groups.add(behaviour);
    if (dimension === 'exec') this.#starts.add(`${actor}\0${object}`);
    const deed = deedOf(behaviour);
    const actors = this.#actors.get(deed);
    const who = whoOf(behaviour);
    if (actors === undefined) this.#actors.set(deed, new Set([who]));
    else actors.add(who);
    this.#deeds.set(who, (this.#deeds.get(who) ?? 0) + 1);
    const text = versionlessText(behaviour);
    const other = this.#versions.get(text);
    // Which of several it is must not depend on their order.
    if (other === undefined || entry.key < other.key) this.#versions.set(text, entry);
  }

  /** Whether a program was seen, or declared, to start another. */
  isStarted = (by: string, program: string): boolean => this.#starts.has(`${by}\0${program}`);

  /** Whether the same program does the same under another parent. */
  isDoneUnderOthers(behaviour: Behaviour): boolean {
    return this.#actors.get(deedOf(behaviour))?.has(whoOf(behaviour)) ?? false;
  }

  /** How many programs do the same, whoever started them. */
  actorsOf = (behaviour: Behaviour): number => this.#actors.get(deedOf(behaviour))?.size ?? 0;

  /** Whether so many programs do the same that the next one is no news. */
  isCommon = (behaviour: Behaviour): boolean => this.actorsOf(behaviour) >= COMMON;

  /** How much a program is known to do. */
  deedsOf = (behaviour: Behaviour): number => this.#deeds.get(whoOf(behaviour)) ?? 0;

  /** The same with other versions in its paths. */
  otherVersion = (behaviour: Behaviour): Entry | undefined => this.#versions.get(versionlessText(behaviour));
}

const whoOf = ({ actor, applet = '', dimension }: Behaviour): string =>
  dimension === 'exec' ? actor : `${actor}\0${applet}`;
const deedOf = ({ dimension, access, object }: Behaviour): string => `${dimension}\0${access ?? ''}\0${object}`;
