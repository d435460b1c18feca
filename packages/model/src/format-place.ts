import type { Place } from './place.ts';

/** `k8s/cart.yaml:12:5`, `shop.tar!/var/lib/dpkg/status`: one spelling of a place for every output. */
export function formatPlace(place: Place): string {
  const inside = place.path === undefined ? '' : `!${place.path}`;
  const line = place.line === undefined ? '' : `:${place.line}${place.column === undefined ? '' : `:${place.column}`}`;
  return `${place.source}${inside}${line}`;
}
