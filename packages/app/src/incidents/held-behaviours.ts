import type { IncidentChanges, IncidentState } from '@breakwater/engine/incident';
import type { BehaviourWord } from '../profiles/kept/index.ts';
import { behavioursOf } from './behaviours-of.ts';

/** What belongs to an open incident is not learned by repetition: remembers what learning was told to hold. */
export class HeldBehaviours {
  /** By incident, its places and keys. */
  readonly #held = new Map<string, Set<string>>();

  /** What learning is to be told now. What is not stored is to be forgotten with `clear`. */
  wordsFor({ changed, merged }: IncidentChanges): BehaviourWord[] {
    const words: BehaviourWord[] = [];
    for (const { id, status, entries } of changed) {
      if (status !== 'open' && status !== 'contained') continue;
      const held = this.#held.get(id) ?? new Set();
      this.#held.set(id, held);
      for (const { keys: all, ...place } of behavioursOf(entries)) {
        const nameOf = (key: string) => JSON.stringify([place.subject, place.container, key]);
        const keys = all.filter((key) => !held.has(nameOf(key)));
        if (keys.length === 0) continue;
        for (const key of keys) held.add(nameOf(key));
        words.push({ kind: 'hold', ...place, keys, incident: id });
      }
    }
    for (const { from } of merged) {
      this.#held.delete(from);
      words.push({ kind: 'letGo', incident: from });
    }
    return words;
  }

  /** Remembers these alone; of what somebody expects all was let go, and is held again where it goes on. */
  keepOnly(states: readonly IncidentState[]): void {
    const kept = new Set(states.flatMap(({ id, status }) => (status === 'expected' ? [] : [id])));
    for (const id of this.#held.keys()) if (!kept.has(id)) this.#held.delete(id);
  }

  forget(ids: readonly string[]): void {
    for (const id of ids) this.#held.delete(id);
  }

  /** Has learning told everything anew. */
  clear(): void {
    this.#held.clear();
  }
}
