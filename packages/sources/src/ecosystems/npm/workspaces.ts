import { type Fields, fieldsOf, listOf } from '../read-text.ts';

const LONGEST_PATTERN = 256;
const MOST_PATTERNS = 1000;

/** Patterns of folders that a project calls its workspaces: `packages/*`, in a list or, as yarn has it, in an object. */
export function workspacesOf(project: Fields): string[] {
  const stated = [...listOf(project, 'workspaces'), ...listOf(fieldsOf(project, 'workspaces'), 'packages')];
  return stated
    .filter((item): item is string => typeof item === 'string' && item.length <= LONGEST_PATTERN)
    .slice(0, MOST_PATTERNS)
    .map((pattern) => pattern.replace(/^\.\//, '').replace(/\/+$/, ''));
}

/** Whether one of the patterns means a folder; `!` takes out again what patterns before it took in. */
export function isWorkspace(folder: string, patterns: readonly string[]): boolean {
  let found = false;
  const parts = folder.split('/');
  for (const pattern of patterns) {
    const isTakenOut = pattern.startsWith('!');
    if (found === isTakenOut && matches(parts, pattern.slice(isTakenOut ? 1 : 0).split('/'))) found = !isTakenOut;
  }
  return found;
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
