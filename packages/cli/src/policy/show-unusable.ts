import { formatPlace, type Unknown } from '@breakwater/model';
import { plain, yellow } from '../terminal/style.ts';

/** Prints policies, exceptions and settings that cannot be used, each with its place. */
export function showUnusable(unknowns: readonly Unknown[]): void {
  for (const { message, place } of unknowns) {
    process.stdout.write(`${yellow('unusable')}  ${plain(formatPlace(place))}: ${plain(message)}\n`);
  }
}

/** Prints a value as JSON. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
