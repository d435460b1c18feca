import { behaviourKey } from '../behaviour-key.ts';
import { newEntry } from './entry.ts';
import { gravity } from './gravity.ts';
import { cutTo } from './json-bytes.ts';
import type { Prior } from './known-before.ts';
import { KnownIndex } from './known-index.ts';
import type { Model } from './model.ts';
import { PriorIndex } from './prior-index.ts';
import { LONGEST_REASON } from './table.ts';

/** Takes in what is known before it is seen, in place of what was told so before. */
export function seed(model: Model, { behaviours }: Prior): void {
  const { table } = model;
  const said = new Set<string>();
  for (const { behaviour, origin, reason } of behaviours) {
    const key = behaviourKey(behaviour);
    said.add(key);
    const known = table.get(key);
    const entry = known ?? newEntry(key, behaviour);
    entry.isPrior = true;
    entry.said = undefined;
    if (entry.origin === 'accepted') entry.base = origin;
    else {
      entry.origin = origin;
      entry.reason = cutTo(reason, LONGEST_REASON);
    }
    entry.incidents = [];
    if (known !== undefined) continue;
    if (table.hasRoom(entry)) table.add(entry);
    else table.drop(key);
  }
  for (const entry of [...table.values()]) {
    if (!entry.isPrior || said.has(entry.key)) continue;
    entry.isPrior = false;
    entry.said = undefined;
    if (entry.incidences === 0 && entry.origin !== 'accepted') table.remove(entry);
    else if (entry.origin === 'declared' || entry.origin === 'recorded') {
      // It was done, and nobody says any more that it may be.
      entry.origin = gravity(entry.behaviour) === undefined ? 'learned' : undefined;
      entry.reason = undefined;
    }
  }
  model.known = new KnownIndex(table.values());
  model.prior = new PriorIndex(table.values());
  model.changes += 1;
}
