import { parseIndentedMaps } from '../indented-map.ts';
import type { LockedPackages } from '../locked-packages.ts';

/**
 * Reads a lock file of yarn 2 or later. `resolution` names the package itself, whatever it is called by who depends on
 * it: `"ansi-regex@npm:5.0.1"`. Workspaces are the project's own, and have no version there.
 */
export function readBerryLock(text: string, locked: LockedPackages): void {
  for (const { root, oddLines } of parseIndentedMaps(text)) {
    for (const line of oddLines) locked.skip(line);
    for (const [key, entry] of root) {
      if (key === '__metadata') continue;
      const resolution = typeof entry === 'string' ? undefined : entry.get('resolution');
      const version = typeof entry === 'string' ? undefined : entry.get('version');
      const at = typeof resolution === 'string' ? resolution.indexOf('@', 1) : -1;
      if (typeof resolution !== 'string' || typeof version !== 'string' || at === -1) locked.skip();
      else if (!resolution.startsWith('workspace:', at + 1)) locked.add(resolution.slice(0, at), version);
    }
  }
}
