import type { LockedPackages } from '../locked-packages.ts';
import { linesOf } from '../read-text.ts';

/** `# golang.org/x/net v0.1.0`, `# a v1.0.0 => b v1.1.0`, `# a v1.0.0 => ./b`. */
const MODULE = /^# (\S+) (v\S+)(?: => (\S+)(?: (v\S+))?)?$/;

/**
 * `vendor/modules.txt`, which `go mod vendor` writes: the modules whose code lies in the folder, and so is what is
 * built. Whether it is such a list at all.
 */
export function lockVendored(content: string, locked: LockedPackages): boolean {
  let isList = false;
  let number = 0;
  for (const line of linesOf(content)) {
    number += 1;
    isList ||= line.startsWith('## ');
    const [, path, version, to, toVersion] = MODULE.exec(line) ?? [];
    if (path === undefined || version === undefined) continue;
    isList = true;
    // A folder in place of a module says no version.
    if (to === undefined) locked.add(path, version, { line: number });
    else if (toVersion === undefined) locked.add(path, '', { line: number });
    else locked.add(to, toVersion, { line: number });
  }
  return isList;
}
