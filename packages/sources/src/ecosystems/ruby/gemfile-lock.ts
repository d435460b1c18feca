import type { LockedPackages } from '../locked-packages.ts';
import { linesOf } from '../read-text.ts';

const SECTION = /^[A-Z][A-Z ]*$/;
/** Sections that list gems, by where they are from. */
const SOURCES: ReadonlySet<string> = new Set(['GEM', 'GIT', 'PATH', 'PLUGIN SOURCE']);
/** `    nokogiri (1.15.0-x86_64-linux)`: a version holds no hyphen, what follows one is a platform. */
const GEM = /^ {4}(\S+) \(([^-()\s]+)(?:-[^()\s]+)?\)!?$/;

/**
 * Reads a lock file of Bundler: sections at the margin, `specs:` in those of sources, gems four blanks in, what they
 * depend on six. Whether it is one at all.
 */
export function readGemfileLock(text: string, locked: LockedPackages): boolean {
  let isLock = false;
  let isSource = false;
  let number = 0;
  for (const raw of linesOf(text)) {
    number += 1;
    const line = raw.trimEnd();
    if (line === '') continue;
    if (!line.startsWith(' ')) {
      const isSection = SECTION.test(line);
      isLock ||= isSection;
      isSource = SOURCES.has(line);
      if (!isSection) locked.skip(number);
    } else if (isSource && line.startsWith('    ') && line[4] !== ' ') {
      const [, name, version] = GEM.exec(line) ?? [];
      if (name === undefined || version === undefined) locked.skip(number);
      else locked.add(name, version, { line: number });
    }
  }
  return isLock;
}
