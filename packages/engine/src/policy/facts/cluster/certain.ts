import type { Borders, Tenancy } from '../../../tenancy/index.ts';
import { CelUnknown } from '../../cel/index.ts';

/** A fact of which parts may be unknown. */
export type Certain<Fact extends object> = { [Key in keyof Fact]: Fact[Key] | CelUnknown };

/**
 * A fact field by field. Where there are policies that are not evaluated, what holds whether they close or open all that
 * they may is certain, and the rest unknown.
 */
export function inEveryCase<Fact extends object>(tenancy: Tenancy, read: (borders: Borders) => Fact): Certain<Fact> {
  const known = read(tenancy.borders);
  const doubt = tenancy.bordersInDoubt;
  if (doubt === undefined) return known;
  const [least, most] = [read(doubt.least), read(doubt.most)];
  const unknown = new CelUnknown([`what ${doubt.because} allows`]);
  const keys = Object.keys(known) as (keyof Fact)[];
  const isSame = (key: keyof Fact): boolean =>
    spell(least[key]) === spell(known[key]) && spell(most[key]) === spell(known[key]);
  return Object.fromEntries(keys.map((key) => [key, isSame(key) ? known[key] : unknown])) as Certain<Fact>;
}

const spell = (value: unknown): string => JSON.stringify(value);
