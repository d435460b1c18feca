import type { Identity } from '@breakwater/engine/identity';

/** Names that are told at most. */
const MOST = 3;

/** Identities of the same kind whose names are close to one that nobody has: at most a third of its letters differ. */
export function nearNames(
  wanted: Pick<Identity, 'kind' | 'namespace' | 'name'>,
  identities: readonly Identity[],
): string[] {
  const spelt = spell(wanted);
  const distances = identities
    .filter(({ kind }) => kind === wanted.kind)
    .map((identity) => ({
      name: spell(identity),
      distance: distanceOf(spelt, spell(identity), wanted.name, identity.name),
    }))
    .filter(({ distance }) => distance <= Math.max(2, spelt.length / 3))
    .sort((left, right) => left.distance - right.distance || (left.name < right.name ? -1 : 1));
  return [...new Set(distances.map(({ name }) => name))].slice(0, MOST);
}

/** `shop/robot`, `alice`. */
export const spell = ({ namespace, name }: Pick<Identity, 'namespace' | 'name'>): string =>
  namespace === '' ? name : `${namespace}/${name}`;

/** A name in another namespace is as close as one with a letter wrong. */
const distanceOf = (left: string, right: string, name: string, other: string): number =>
  name === other ? 1 : editDistance(left.slice(0, 80), right.slice(0, 80));

/** Levenshtein's distance, a row at a time. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const replaced = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[right.length]!;
}
