import type { AdvisoryRow } from '@breakwater/model';
import type { PackageName } from './package-names.ts';

/** Whether the functions of a program are known, and none that a row names is among them. */
export function isUnused({ imports }: AdvisoryRow, { symbols }: PackageName): boolean {
  if (symbols === undefined || imports === undefined || imports.length === 0) return false;
  return imports.every(({ path, symbols: named }) => {
    const held = symbols.filter((item) => item.path === path).flatMap(({ names }) => names.map(withoutPointer));
    return held.length === 0 || (named.length > 0 && !named.some((name) => held.includes(name)));
  });
}

/** Advisories write `Result.String` for the method that a program may call `(*Result).String`. */
function withoutPointer(name: string): string {
  return name.replace(/^\(\*?([^()]+)\)/, '$1');
}
