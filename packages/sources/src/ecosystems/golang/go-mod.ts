import type { LockedPackage, LockedPackages } from '../locked-packages.ts';
import { releaseOf } from './go-component.ts';

interface Requirement {
  path: string;
  version: string;
  line: number;
  /** Whether only other modules need it, as `// indirect` says. */
  indirect: boolean;
}

export interface Replacement {
  path: string;
  /** Empty: every version. */
  from: string;
  to: string;
  version: string;
}

export interface GoMod {
  /** Its own path; empty in a go.work. */
  path: string;
  line: number | undefined;
  /** Folders of a go.work. */
  uses: string[];
  /** `path version` that are never used. */
  excluded: Set<string>;
  requirements: Requirement[];
  replacements: Replacement[];
  /** The Go that the module asks for: `toolchain` before `go`. */
  release: string | undefined;
  /** Whether the module graph is pruned (Go 1.17), so that `require` names all modules that are needed. */
  complete: boolean;
  /** One-based. */
  unreadable: number[];
}

const DIRECTIVES: ReadonlySet<string> = new Set([
  'module',
  'go',
  'toolchain',
  'godebug',
  'require',
  'replace',
  'exclude',
  'retract',
  'tool',
  'ignore',
  'use',
]);

/** Reads a go.mod or go.work (go.dev/ref/mod#go-mod-file): a directive a line, or a block of lines for one directive. */
export function parseGoMod(text: string): GoMod {
  const result: GoMod = {
    path: '',
    line: undefined,
    uses: [],
    excluded: new Set(),
    requirements: [],
    replacements: [],
    release: undefined,
    complete: false,
    unreadable: [],
  };
  let block: string | undefined;
  let minimum: string | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const words = wordsOf(raw);
    if (words.length === 0) continue;
    if (block !== undefined && words[0] === ')') block = undefined;
    else if (block === undefined && words.at(-1) === '(') block = words[0];
    else {
      const [directive, ...rest] = block === undefined ? words : [block, ...words];
      if (directive === 'go') minimum = rest[0];
      else if (directive === 'toolchain') result.release = releaseOf(rest[0] ?? '');
      else if (!read(directive!, rest, index + 1, INDIRECT.test(raw), result)) result.unreadable.push(index + 1);
    }
  }
  result.complete = isAtLeast117(minimum);
  result.release ??= minimum === undefined ? undefined : releaseOf(minimum);
  return result;
}

const INDIRECT = /\/\/ ?indirect(?=$|[;\s])/;

function read(directive: string, rest: string[], line: number, indirect: boolean, result: GoMod): boolean {
  if (directive === 'require') {
    if (rest.length !== 2) return false;
    result.requirements.push({ path: rest[0]!, version: rest[1]!, line, indirect });
  } else if (directive === 'module') Object.assign(result, { path: rest[0] ?? '', line });
  else if (directive === 'use') result.uses.push(...rest.slice(0, 1));
  else if (directive === 'exclude') result.excluded.add(rest.join(' '));
  else if (directive === 'retract' || directive === 'tool') return true;
  else if (directive === 'replace') {
    const arrow = rest.indexOf('=>');
    const [path, from = ''] = rest.slice(0, Math.max(0, arrow));
    const [to, version = ''] = rest.slice(arrow + 1);
    if (path === undefined || to === undefined || arrow === -1) return false;
    result.replacements.push({ path, from, to, version });
  }
  return DIRECTIVES.has(directive);
}

/** Words of a line without its comment; strings lose their quotes. */
function wordsOf(line: string): string[] {
  const text = line.replace(/\/\/.*$/, '').replace(/([()])/g, ' $1 ');
  return text.trim() === ''
    ? []
    : text
        .trim()
        .split(/\s+/)
        .map((word) => word.replace(/^["`](.*)["`]$/, '$1'));
}

function isAtLeast117(release: string | undefined): boolean {
  const [major, minor = 0] = (release ?? '').split('.').map((part) => Number.parseInt(part, 10));
  return major !== undefined && (major > 1 || (major === 1 && minor >= 17));
}

/**
 * What a build would use: requirements with their replacements, and the Go that is asked for. `overriding` are those of
 * a go.work, which come first.
 */
export function lockGoMod(mod: GoMod, overriding: readonly Replacement[], locked: LockedPackages): void {
  const replacements = Map.groupBy([...overriding, ...mod.replacements], ({ path }) => path);
  const direct: LockedPackage[] = [];
  for (const { path, version, line, indirect } of mod.requirements) {
    const found = replacements.get(path)?.find(({ from }) => from === '' || from === version);
    const relationship = indirect ? ('indirect' as const) : ('direct' as const);
    const item = locked.add(...identityOf(path, version, found), { line, relationship });
    if (item !== undefined && !indirect) direct.push(item);
  }
  if (mod.release !== undefined) locked.add('stdlib', mod.release, { relationship: 'direct' });
  const own = mod.path === '' ? undefined : locked.add(mod.path, '', { line: mod.line, relationship: 'root' });
  if (own !== undefined) locked.link(own, direct);
  for (const line of mod.unreadable) locked.skip(line);
}

/** A folder in place of a module says neither name nor version; the name that is imported is what is known. */
function identityOf(path: string, version: string, found: Replacement | undefined): [name: string, version: string] {
  if (found === undefined) return [path, version];
  return /^\.{0,2}\//.test(found.to) ? [path, ''] : [found.to, found.version];
}
