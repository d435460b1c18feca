import { type Fields, fieldsOf, listOf } from '../read-text.ts';

const LONGEST_PATTERN = 256;
/** Patterns with stars that are followed; each is tried for each folder. Folders that are named outright cost nothing. */
const MOST_PATTERNS = 64;
/** Folders of workspaces lie no deeper. */
const DEEPEST = 16;

/** Patterns of folders that a project calls its workspaces: `packages/*`, in a list or, as yarn has it, in an object. */
export function workspacesOf(project: Fields): Workspaces {
  return new Workspaces([...listOf(project, 'workspaces'), ...listOf(fieldsOf(project, 'workspaces'), 'packages')]);
}

/** The folders that patterns mean; a pattern behind `!` takes them out again. */
export class Workspaces {
  readonly #named: ReadonlySet<string>;
  readonly #patterns: string[][];
  readonly #left: string[][];

  constructor(stated: readonly unknown[]) {
    const patterns = stated
      .filter((item): item is string => typeof item === 'string' && item.length <= LONGEST_PATTERN)
      .map((pattern) => pattern.replace(/^(!?)\.\//, '$1').replace(/\/+$/, ''));
    const followed = patterns.filter((pattern) => pattern.includes('*') || pattern.startsWith('!'));
    this.#named = new Set(patterns);
    const [taken, left] = [false, true].map((isLeft) =>
      followed.filter((pattern) => pattern.startsWith('!') === isLeft).slice(0, MOST_PATTERNS),
    );
    this.#patterns = taken!.map((pattern) => pattern.split('/'));
    this.#left = left!.map((pattern) => pattern.slice(1).split('/'));
  }

  /** Whether there are none. */
  get isEmpty(): boolean {
    return this.#named.size === 0;
  }

  /** Whether a folder, relative to the project, is one. */
  has(folder: string): boolean {
    const parts = folder.split('/', DEEPEST + 1);
    if (parts.length > DEEPEST) return false;
    const isMeant = this.#named.has(folder) || this.#patterns.some((pattern) => matches(parts, pattern));
    return isMeant && !this.#left.some((pattern) => matches(parts, pattern));
  }
}

/** Folder by folder; `**` stands for any number of them. In time linear in both: only the last `**` is tried anew. */
function matches(parts: readonly string[], patterns: readonly string[]): boolean {
  let at = 0;
  let next = 0;
  let anew: { at: number; next: number } | undefined;
  while (at < parts.length) {
    const pattern = patterns[next];
    if (pattern === '**') {
      anew = { at, next: next + 1 };
      next += 1;
    } else if (pattern !== undefined && matchesPart(parts[at]!, pattern)) {
      at += 1;
      next += 1;
    } else if (anew !== undefined) {
      anew.at += 1;
      ({ at, next } = anew);
    } else return false;
  }
  return patterns.slice(next).every((pattern) => pattern === '**');
}

/** `*` stands for any letters: what stands between the stars comes one behind the other. */
function matchesPart(part: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return part === pattern;
  if (!part.startsWith(first) || !part.endsWith(last) || part.length < first.length + last.length) return false;
  let at = first.length;
  for (const between of rest) {
    const found = part.indexOf(between, at);
    if (found === -1) return false;
    at = found + between.length;
  }
  return at <= part.length - last.length;
}
