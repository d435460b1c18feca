import type { ReachChange, ReachDifference } from '@breakwater/app/reach';
import { dim, green, plain, red, yellow } from '../terminal/style.ts';
import { alignColumns } from '../terminal/table.ts';

const PAINT = { added: green, removed: red, changed: yellow } as const;

/** What two states do not share as lines for people, the count last. */
export function linesOfDifference({ changes, more }: ReachDifference): string[] {
  if (changes.length === 0) return ['No connection differs.'];
  const lines = alignColumns(
    changes.map((change) => [
      PAINT[change.type](change.type),
      plain(change.from),
      '->',
      plain(change.to),
      said(change),
    ]),
  );
  if (more > 0) lines.push(`and ${more.toLocaleString('en-US')} more`);
  return [...lines, '', countsOf(changes, more)];
}

function said({ type, before, after, because }: ReachChange): string {
  const ports = plain(type === 'changed' ? `${after} (was ${before})` : type === 'added' ? after : before);
  return because === undefined ? ports : `${ports}  ${dim(plain(because))}`;
}

function countsOf(changes: readonly ReachChange[], more: number): string {
  const counts = (['added', 'removed', 'changed'] as const).map((type) => {
    const many = changes.filter((change) => change.type === type).length;
    return `${many.toLocaleString('en-US')} ${type}`;
  });
  return `Connections: ${counts.join(', ')}${more > 0 ? ', and more that are not listed' : ''}.`;
}
