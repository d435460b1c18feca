import type { LockedPackages } from '../locked-packages.ts';
import { linesOf } from '../read-text.ts';

/** `# golang.org/x/net v0.1.0`, `# a v1.0.0 => b v1.1.0`, `# a v1.0.0 => ./b`. */
const MODULE = /^# (\S+) (v\S+)(?: => (\S+)(?: (v\S+))?)?$/;

/**
 * `vendor/modules.txt`, which `go mod vendor` writes: the modules whose code lies in the folder, and so is what is
 * built. `## explicit` says that the go.mod names the module above. Whether it is such a list at all.
 */
export function lockVendored(text: string, locked: LockedPackages): boolean {
  let found: { path: string; version: string; line: number } | undefined;
  let isList = false;
  const finish = (relationship: 'direct' | undefined): void => {
    if (found !== undefined) locked.add(found.path, found.version, { line: found.line, relationship });
    found = undefined;
  };
  let number = 0;
  for (const line of linesOf(text)) {
    number += 1;
    if (line.startsWith('## ')) {
      isList = true;
      finish(line.startsWith('## explicit') ? 'direct' : undefined);
    } else if (line.startsWith('# ')) {
      finish(undefined);
      const [, path, version, to, toVersion] = MODULE.exec(line) ?? [];
      isList ||= path !== undefined;
      if (path === undefined || version === undefined) continue;
      if (to === undefined) found = { path, version, line: number };
      else
        found =
          toVersion === undefined
            ? { path, version: '', line: number }
            : { path: to, version: toVersion, line: number };
    }
  }
  finish(undefined);
  return isList;
}
