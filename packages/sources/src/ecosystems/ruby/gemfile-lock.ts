import { type GraphPackage, lockGraph } from '../lock-graph.ts';
import type { LockedPackages } from '../locked-packages.ts';
import { linesOf } from '../read-text.ts';

const SECTION = /^[A-Z][A-Z ]*$/;
/** Sections that list gems, by where they are from. */
const SOURCES: ReadonlySet<string> = new Set(['GEM', 'GIT', 'PATH', 'PLUGIN SOURCE']);
/** `    nokogiri (1.15.0-x86_64-linux)`: a version holds no hyphen, what follows one is a platform. */
const GEM = /^ {4}(\S+) \(([^-()\s]+)(?:-[^()\s]+)?\)!?$/;

/** `      racc (~> 1.4)`: what a gem needs. */
const NEED = /^ {6}([^\s()!]+)(?: \(.*\))?!?$/;
/** `  rails (~> 7.0)!`: what the Gemfile names. */
const DIRECT = /^ {2}([^\s()!]+)(?: \(.*\))?!?$/;

interface Gem extends GraphPackage<string> {
  name: string;
  needs: string[];
}

/**
 * Reads a lock file of Bundler: sections at the margin, `specs:` in those of sources, gems four blanks in, what they
 * depend on six. A gem has one version in it, whatever its platforms. Whether it is one at all.
 */
export function readGemfileLock(text: string, locked: LockedPackages): boolean {
  const gems = new Map<string, Gem>();
  const direct: string[] = [];
  let gem: Gem | undefined;
  let isLock = false;
  let section = '';
  let number = 0;
  for (const raw of linesOf(text)) {
    number += 1;
    const line = raw.trimEnd();
    if (line === '') continue;
    if (!line.startsWith(' ')) {
      const isSection = SECTION.test(line);
      isLock ||= isSection;
      section = line;
      if (!isSection) locked.skip(number);
    } else if (section === 'DEPENDENCIES') direct.push(DIRECT.exec(line)?.[1] ?? '');
    else if (SOURCES.has(section) && line.startsWith('      ')) gem?.needs.push(NEED.exec(line)?.[1] ?? '');
    else if (SOURCES.has(section) && line.startsWith('    ')) {
      const [, name, version] = GEM.exec(line) ?? [];
      gem = name === undefined || version === undefined ? undefined : { name, version, line: number, needs: [] };
      if (gem === undefined) locked.skip(number);
      else gem = keep(gem, gems);
    }
  }
  lockGraph(gems, direct.length === 0 ? [] : [{ ships: direct, develops: [] }], locked);
  return isLock;
}

/** The gem of this name and version that is known already, for another platform, or this one. */
function keep(gem: Gem, gems: Map<string, Gem>): Gem {
  for (const key of [gem.name, `${gem.name} ${gem.version}`]) {
    const known = gems.get(key);
    if (known === undefined) gems.set(key, gem);
    if (known === undefined || known.version === gem.version) return known ?? gem;
  }
  return gem;
}
