import type { Behaviour, BehaviourProfile } from '@breakwater/model';
import { covers } from '../covers.ts';
import type { Entry } from './entry.ts';
import type { Reasoned } from './explain.ts';

/** What a prior says, for asking; made of its entries. */
export class PriorIndex {
  readonly #profiles: { profile: BehaviourProfile; origin: 'declared' | 'recorded' }[];
  readonly #reasons = new Map<string, string>();

  constructor(entries: Iterable<Entry> = []) {
    const of = { declared: [] as Behaviour[], recorded: [] as Behaviour[] };
    for (const { isPrior, base, origin, behaviour, reason } of entries) {
      const told = base ?? origin;
      if (!isPrior || (told !== 'declared' && told !== 'recorded')) continue;
      of[told].push(behaviour);
      if (reason !== undefined) this.#reasons.set(nameOf(told, behaviour), reason);
    }
    this.#profiles = (['declared', 'recorded'] as const).map((origin) => ({
      origin,
      profile: asProfile(origin, of[origin]),
    }));
  }

  find(behaviour: Behaviour): Reasoned | undefined {
    for (const { profile, origin } of this.#profiles) {
      if (profile.behaviours.length === 0 || !covers(profile, behaviour)) continue;
      return { origin, by: this.#reasons.get(nameOf(origin, behaviour)) ?? `it was ${origin} before` };
    }
    return undefined;
  }
}

const nameOf = (origin: string, { dimension, object }: Behaviour): string => `${origin}\0${dimension}\0${object}`;

const asProfile = (origin: 'declared' | 'recorded', behaviours: Behaviour[]): BehaviourProfile => ({
  subject: '',
  origin,
  partial: false,
  dimensions: [],
  behaviours,
});
