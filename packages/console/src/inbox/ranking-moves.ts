import type { RankedFix } from '@breakwater/model';

/** The fix to show for a workload: the first of its own that is at hand. */
export function pickFix(numbers: readonly number[], fixes: ReadonlyMap<number, RankedFix>): RankedFix | undefined {
  for (const n of numbers) {
    const fix = fixes.get(n);
    if (fix !== undefined) return fix;
  }
  return undefined;
}

/** Moves the focus over the rows of the ranking; from elsewhere it begins at the first. */
export function moveInRows(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('[data-row-link]')];
  const row = document.activeElement?.closest('[data-row]');
  const at = links.findIndex((link) => link.closest('[data-row]') === row);
  const next = at === -1 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1);
  links[next]?.focus({ preventScroll: true });
  links[next]?.closest('[data-row]')?.scrollIntoView({ block: 'nearest' });
}
