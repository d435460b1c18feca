import { matchesPath, type PathPattern, parsePathPattern } from './path-pattern.ts';

interface Entry {
  pattern: PathPattern;
  owners: string[];
}

/** Entries read of one file; those beyond are left out. */
const MOST_ENTRIES = 20_000;

/** Who owns a path, by its place below the root of the repository; empty where nobody does. */
export type OwnersOf = (path: string) => string[];

/**
 * Reads CODEOWNERS as GitHub and GitLab do: the last pattern that matches decides, and one without owners takes them
 * away. A section's own owners stand for entries in it that name none.
 */
export function parseCodeOwners(text: string): OwnersOf {
  const entries: Entry[] = [];
  let sectionOwners: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const section = /^\^?\[[^\]]*\](?:\[\d+\])?(.*)$/.exec(line);
    if (section !== null) {
      sectionOwners = wordsOf(section[1] ?? '');
      continue;
    }
    const [path, ...owners] = wordsOf(line);
    const pattern = path === undefined ? undefined : parsePathPattern(path);
    if (pattern === undefined) continue;
    entries.push({ pattern, owners: owners.length > 0 ? owners : sectionOwners });
    if (entries.length === MOST_ENTRIES) break;
  }
  entries.reverse();
  return (path) => entries.find(({ pattern }) => matchesPath(pattern, path))?.owners ?? [];
}

/** Words up to a comment; a space in a path is written `\ `. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:\\.|[^\s\\])+/g) ?? [];
  const comment = words.findIndex((word) => word.startsWith('#'));
  return (comment < 0 ? words : words.slice(0, comment)).map((word) => word.replaceAll(/\\(.)/g, '$1'));
}
