import type {
  Component,
  Image,
  SettledVulnerability,
  VexProduct,
  VexStatement,
  VexVerdict,
  VulnerabilityMatch,
} from '@breakwater/model';
import { fitsImage } from './match-image.ts';
import { fitsComponent } from './match-subject.ts';

/** Matches after what others state of them. None is lost: it is open, or settled by somebody. */
export interface VexOutcome {
  open: VulnerabilityMatch[];
  settled: SettledVulnerability[];
}

/**
 * Holds the matches of an image against VEX statements. Of several that speak of a match the latest counts, and of
 * equally late ones that which names the version or the digest. "Not affected" and "fixed" settle a match; "affected"
 * and "under investigation" are noted with it.
 */
export function applyVex(
  image: Image,
  matches: readonly VulnerabilityMatch[],
  statements: readonly VexStatement[],
): VexOutcome {
  const outcome: VexOutcome = { open: [], settled: [] };
  const byId = new Map<string, VexStatement[]>();
  for (const statement of statements) {
    for (const id of statement.ids) byId.set(id, [...(byId.get(id) ?? []), statement]);
  }
  if (byId.size === 0) return { open: [...matches], settled: [] };
  const components = new Map(image.components.map((component) => [component.id, component]));
  const places = new Map<VexProduct, number>();
  const placeOf = (product: VexProduct): number => {
    const known = places.get(product) ?? rankInImage(product, image);
    places.set(product, known);
    return known;
  };
  for (const match of matches) {
    const component = components.get(match.component);
    const about = new Set([match.id, ...match.aliases].flatMap((id) => byId.get(id) ?? []));
    const verdicts = component === undefined ? [] : rankVerdicts([...about], component, placeOf);
    const [first] = verdicts;
    if (first === undefined) outcome.open.push(match);
    else if (first.status === 'not_affected' || first.status === 'fixed') {
      outcome.settled.push({ match, by: first, reason: reasonOf(first) });
    } else outcome.open.push({ ...match, vex: verdicts.slice(0, MOST_SHOWN) });
  }
  return outcome;
}

const MOST_SHOWN = 5;

/** How closely a product is the image: 0 where it is another. */
function rankInImage(product: VexProduct, image: Image): number {
  const fits = fitsImage(product, image);
  if (fits !== undefined) return fits === 'digest' ? CLOSE : LOOSE;
  // The product may be what the image holds: an application that is a package itself.
  if (product.parts.length === 0) return 0;
  const held = image.components
    .map((component) => fitsComponent(product, component))
    .filter((fit) => fit !== undefined);
  if (held.length === 0) return 0;
  return held.includes('version') ? CLOSE : LOOSE;
}

const LOOSE = 1;
const CLOSE = 2;

function rankVerdicts(
  statements: readonly VexStatement[],
  component: Component,
  placeOf: (product: VexProduct) => number,
): VexVerdict[] {
  return statements
    .map(({ verdict, products }) => ({
      verdict,
      rank: Math.max(0, ...products.map((product) => rankInComponent(product, component, placeOf(product)))),
    }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => timeOf(b.verdict) - timeOf(a.verdict) || b.rank - a.rank)
    .map(({ verdict }) => verdict);
}

/** How closely a product is the component, alone or as a part of the image: 0 where it is another. */
function rankInComponent(product: VexProduct, component: Component, place: number): number {
  if (product.parts.length === 0) {
    const fit = fitsComponent(product, component);
    return Math.max(place, fit === undefined ? 0 : fit === 'version' ? CLOSE : LOOSE);
  }
  if (place === 0) return 0;
  const fits = product.parts.map((part) => fitsComponent(part, component)).filter((fit) => fit !== undefined);
  if (fits.length === 0) return 0;
  return place + (fits.includes('version') ? CLOSE : LOOSE);
}

function timeOf({ time }: VexVerdict): number {
  const stamp = Date.parse(time ?? '');
  return Number.isNaN(stamp) ? 0 : stamp;
}

function reasonOf({ author, status, justification, statement }: VexVerdict): string {
  const why = [justification, statement].filter((part) => part !== undefined).join(': ');
  return `settled by VEX of ${author}: ${status.replaceAll('_', ' ')}${why === '' ? '' : `, ${why}`}`;
}
