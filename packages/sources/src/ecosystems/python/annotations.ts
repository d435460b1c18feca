import type { LockedPackage, LockedPackages } from '../locked-packages.ts';
import { linesOf } from '../read-text.ts';
import { namesOf } from './name-graph.ts';
import { normalizeName } from './python-component.ts';

const VIA = '# via';
/** A further one of a list, on a line of its own. */
const FURTHER = /^\s+#\s{2,8}(\S.{0,1023})$/;

/**
 * Says of pinned requirements what needs them, as pip-compile and uv note it in comments: `# via flask`. What is needed
 * by a file (`-r requirements.in`) or by a name that the list does not hold, the project's, is named directly. Lists
 * without such notes say nothing. `found` are the packages by their normalized names.
 */
export function relateByAnnotations(
  text: string,
  found: ReadonlyMap<string, LockedPackage>,
  locked: LockedPackages,
): void {
  if (!text.includes('# via')) return;
  let item: LockedPackage | undefined;
  let isList = false;
  for (const raw of linesOf(text)) {
    const line = raw.trimEnd();
    const isOwn = line !== '' && !line.startsWith(' ') && !line.startsWith('#');
    if (isOwn) item = found.get(normalizeName(namesOf([line.slice(0, 1024)])[0] ?? ''));
    const via = line.length > 8192 ? null : VIA.exec(line);
    const further = isList && via === null ? FURTHER.exec(line)?.[1] : undefined;
    isList = via !== null || further !== undefined;
    if (item === undefined || !isList) continue;
    for (const stated of (via?.[1] ?? further ?? '').split(', '))
      if (stated !== '') relate(item, stated, found, locked);
  }
}

function relate(
  item: LockedPackage,
  stated: string,
  found: ReadonlyMap<string, LockedPackage>,
  locked: LockedPackages,
): void {
  const parent = stated.startsWith('-') ? undefined : found.get(normalizeName(namesOf([stated])[0] ?? ''));
  if (parent === undefined) item.relationship = 'direct';
  else {
    item.relationship ??= 'indirect';
    locked.link(parent, [item]);
  }
}
