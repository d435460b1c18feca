import { matchComponents } from '@breakwater/engine/matching';
import { applyVex } from '@breakwater/engine/vex';
import type { Component, Image, SettledVulnerability, Unknown, VulnerabilityMatch } from '@breakwater/model';
import type { OpenedLookup } from '../advisories/open-lookup.ts';

/** What advisories say of an image, and one unknown for each reason why they could not say more. */
export interface MatchedImage {
  matches: VulnerabilityMatch[];
  /** Matches that VEX documents in force settle. */
  settled: SettledVulnerability[];
  unknowns: Unknown[];
}

/** Components named in an unknown that is about many. */
const NAMED = 3;

/**
 * Holds the components of an image against the advisories. Those that lie beside the image add what they know; they
 * never prove that nothing else is known, so that an image cannot vouch for itself. What VEX documents settle is kept
 * apart.
 */
export function matchImage(
  image: Image,
  { lookup, covers, vex = [] }: Pick<OpenedLookup, 'lookup' | 'covers' | 'vex'>,
): MatchedImage {
  const { matches, unknowns } = matchComponents(image.components, lookup);
  const affected = new Set(matches.map((match) => match.component));
  const named = new Set(unknowns.map((unknown) => unknown.component));
  const beside = image.components.filter(
    ({ id, ecosystem }) => ecosystem !== undefined && !covers(ecosystem) && !affected.has(id) && !named.has(id),
  );
  const open = [
    ...unknowns,
    ...beside.map(({ id, ecosystem }) => ({
      component: id,
      reason: `no advisories for ${ecosystem} have been imported, only those beside it were asked`,
    })),
  ];
  const components = new Map(image.components.map((component) => [component.id, component]));
  const byReason = Map.groupBy(open, (unknown) => unknown.reason);
  const { open: left, settled } = applyVex(image, matches, vex);
  return {
    matches: left,
    settled,
    unknowns: [...byReason].map(([reason, about]) => describe(image, reason, about, components)),
  };
}

function describe(
  image: Image,
  reason: string,
  about: { component: string }[],
  components: ReadonlyMap<string, Component>,
): Unknown {
  const all = [...new Set(about.map(({ component }) => components.get(component)?.name ?? component))];
  const names = all.slice(0, NAMED);
  const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : '';
  return {
    code: 'component-unmatched',
    message: `${names.join(', ')}${more} in ${image.target} could not be judged: ${reason}.`,
    place: { source: image.target },
    subject: image.id,
    ...(reason.startsWith('no advisories for') && {
      hint: 'Import advisories for it: breakwater db update, or breakwater db import FOLDER.',
    }),
  };
}
