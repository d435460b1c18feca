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
    const via = viaOf(line);
    const further: string | undefined = isList && via === undefined ? FURTHER.exec(line)?.[1] : undefined;
    isList = via !== undefined || further !== undefined;
    if (item === undefined || !isList) continue;
    for (const stated of (via ?? further ?? '').split(', ')) {
      if (stated !== '') relate(item, stated, found, locked);
    }
  }
}

/** What stands behind `# via`, in the package's own line (` # via flask, jinja2`) or below it; empty before a list. */
function viaOf(line: string): string | undefined {
  const at = line.indexOf(VIA);
  if (at === -1 || (at > 0 && line[at - 1] !== ' ')) return undefined;
  const rest = line.slice(at + VIA.length);
  return rest === '' || rest.startsWith(' ') ? rest.trim() : undefined;
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
