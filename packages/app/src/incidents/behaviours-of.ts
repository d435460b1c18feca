import type { KeptEntry } from '@breakwater/engine/incident';

/** Behaviours of one place. */
export interface PlacedBehaviours {
  subject: string;
  container?: string;
  /** `behaviourKey`, each once. */
  keys: string[];
}

/** What entries tell of behaviours, by where they were seen. */
export function behavioursOf(entries: readonly KeptEntry[]): PlacedBehaviours[] {
  const places = new Map<string, PlacedBehaviours>();
  for (const { kind, key, subject, container } of entries) {
    if (kind !== 'deviation' || key === undefined) continue;
    const name = JSON.stringify([subject, container]);
    const place = places.get(name) ?? { subject, ...(container !== undefined && { container }), keys: [] };
    places.set(name, place);
    if (!place.keys.includes(key)) place.keys.push(key);
  }
  return [...places.values()];
}
