import { formatPlace, type Unknown } from '@breakwater/model';
import { dim, plain, yellow } from './style.ts';
import { wrapColumns, wrapText } from './table.ts';

const SHOWN = 5;
const HINTS = 2;

/** The first unknowns, each with its place, and how many more there are. */
export function describeUnknowns(unknowns: Unknown[], width: number): string[] {
  const rows = unknowns.slice(0, SHOWN).map(({ message, place }) => [yellow('not known'), withPlace(message, place)]);
  const hidden = unknowns.length - rows.length;
  const more = hidden > 0 ? [dim(`and ${hidden} more that could not be known (--output json shows them)`)] : [];
  return [...wrapColumns(rows, width), ...more];
}

/** What to do about them, each thing once. */
export function describeHints(unknowns: Unknown[], width: number): string[] {
  const hints = [...new Set(unknowns.flatMap(({ hint }) => hint ?? []))].slice(0, HINTS);
  return hints.flatMap((hint) => wrapText(plain(hint), width).map(dim));
}

/** A sentence and where it stands, unless it says so itself. */
export function withPlace(message: string, place: Unknown['place']): string {
  const where = formatPlace(place);
  return plain(message) + (message.includes(where) ? '' : dim(` [${plain(where)}]`));
}
