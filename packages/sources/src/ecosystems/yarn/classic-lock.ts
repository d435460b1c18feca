import type { LockedPackages } from '../locked-packages.ts';
import { linesOf } from '../read-text.ts';

const VERSION = /^ {2}"?version"? "?([^"\s]*)"?$/;
const ALIAS = /^npm:((?:@[^/@]+\/)?[^@]+)@/;

/**
 * Reads a lock file of yarn 1: entries at the margin (`"a@^1", a@~1.2:`), their fields below, indented. The name is
 * that of the first pattern, or what it is an alias of.
 */
export function readClassicLock(text: string, locked: LockedPackages): void {
  let name = '';
  let line = 0;
  let number = 0;
  for (const raw of linesOf(text)) {
    number += 1;
    const content = raw.trimEnd();
    if (content === '' || content.startsWith('#')) continue;
    if (content.startsWith(' ')) {
      const version = name === '' ? undefined : VERSION.exec(content)?.[1];
      if (version === undefined) continue;
      locked.add(name, version, { line });
      name = '';
      continue;
    }
    if (name !== '') locked.skip(line);
    line = number;
    name = content.endsWith(':') ? nameOfHeader(content) : '';
    if (name === '') locked.skip(line);
  }
  if (name !== '') locked.skip(line);
}

/** `"ansi-regex-cjs@npm:ansi-regex@^5.0.0", other:` is of ansi-regex. */
function nameOfHeader(header: string): string {
  const quoted = header.startsWith('"');
  const end = quoted ? header.indexOf('"', 1) : header.search(/, |:$/);
  const pattern = header.slice(quoted ? 1 : 0, end);
  const at = pattern.indexOf('@', 1);
  if (at === -1) return pattern;
  return ALIAS.exec(pattern.slice(at + 1))?.[1] ?? pattern.slice(0, at);
}
