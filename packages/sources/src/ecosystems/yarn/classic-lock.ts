import { type GraphPackage, type GraphProject, lockGraph } from '../lock-graph.ts';
import type { LockedPackages } from '../locked-packages.ts';
import { folderOf, type Manifest, type Manifests } from '../npm/manifest.ts';
import { linesOf } from '../read-text.ts';
import { Patterns } from './patterns.ts';

const VERSION = /^ {2}"?version"? "?([^"\s]*)"?$/;
const DEPENDENCIES = /^ {2}(?:d|optionalD)ependencies:$/;
const DEPENDENCY = /^ {4}(?:"([^"]+)"|([^"\s]+)) (?:"([^"]*)"|(\S+))$/;
const ALIAS = /^npm:((?:@[^/@]+\/)?[^@]+)@/;

interface Entry {
  line: number;
  name: string;
  version: string | undefined;
  needs: [name: string, range: string][];
}

/**
 * Reads a lock file of yarn 1: entries at the margin (`"a@^1", a@~1.2:`), their fields below, indented. The name is
 * that of the first pattern, or what it is an alias of. What is of development only is told by the `package.json` beside
 * it and those of its workspaces.
 */
export function readClassicLock(text: string, path: string, manifests: Manifests, locked: LockedPackages): void {
  const patterns = new Patterns<Entry>();
  const entries = readEntries(text, patterns, locked);
  const graph = new Map<Entry, GraphPackage<Entry>>();
  for (const entry of entries) {
    const { name, version = '', line, needs } = entry;
    graph.set(entry, { name, version, line, needs: patterns.findAll(needs) });
  }
  lockGraph(graph, projectsOf(folderOf(path), manifests, patterns), locked);
}

function projectsOf(folder: string, manifests: Manifests, patterns: Patterns<Entry>): GraphProject<Entry>[] {
  const root = manifests.of(folder);
  if (root === undefined) return [];
  const prefix = folder === '' ? '' : `${folder}/`;
  const members = root.workspaces.isEmpty ? [] : [...manifests.folders()];
  const workspaces = members
    .filter((place) => place.startsWith(prefix) && root.workspaces.has(place.slice(prefix.length)))
    .flatMap((place) => manifests.of(place) ?? []);
  const toProject = (manifest: Manifest, relationship: 'root' | 'workspace'): GraphProject<Entry> => {
    const { name, version, ships, develops } = manifest;
    const key: Entry = { line: 0, name, version, needs: [] };
    return {
      ships: patterns.findAll([...ships]),
      develops: patterns.findAll([...develops]),
      ...(name !== '' && { listed: { key, name, version, relationship } }),
    };
  };
  return [toProject(root, 'root'), ...workspaces.map((manifest) => toProject(manifest, 'workspace'))];
}

function readEntries(text: string, patterns: Patterns<Entry>, locked: LockedPackages): Entry[] {
  const entries: Entry[] = [];
  let entry: Entry | undefined;
  let isDependency = false;
  let line = 0;
  for (const raw of linesOf(text)) {
    line += 1;
    const content = raw.trimEnd();
    if (content === '' || content.startsWith('#')) continue;
    if (content.startsWith('    ')) {
      const [, quoted, plain, quotedRange, range] = (isDependency && DEPENDENCY.exec(content)) || [];
      const name = quoted ?? plain;
      if (name !== undefined) entry?.needs.push([name, quotedRange ?? range ?? '']);
    } else if (content.startsWith(' ')) {
      isDependency = DEPENDENCIES.test(content);
      if (entry !== undefined && entry.version === undefined) entry.version = VERSION.exec(content)?.[1];
    } else {
      const headers = content.endsWith(':') ? patternsOf(content.slice(0, -1)) : [];
      entry = { line, name: nameOf(headers[0] ?? ''), version: undefined, needs: [] };
      patterns.add(entry, headers);
      entries.push(entry);
    }
  }
  return entries.filter(({ name, version, line: at }) => {
    const isWhole = name !== '' && version !== undefined;
    if (!isWhole) locked.skip(at);
    return isWhole;
  });
}

/** Patterns of a header: `"a@^1", a@~1.2`. */
function patternsOf(header: string): string[] {
  const patterns: string[] = [];
  for (let at = 0; at < header.length; ) {
    const isQuoted = header[at] === '"';
    const start = isQuoted ? at + 1 : at;
    const found = header.indexOf(isQuoted ? '"' : ', ', start);
    const end = found === -1 ? header.length : found;
    patterns.push(header.slice(start, end));
    at = (isQuoted ? end + 1 : end) + 2;
  }
  return patterns;
}

/** `ansi-regex-cjs@npm:ansi-regex@^5.0.0` is of ansi-regex. */
function nameOf(pattern: string): string {
  const at = pattern.indexOf('@', 1);
  if (at === -1) return pattern;
  return ALIAS.exec(pattern.slice(at + 1))?.[1] ?? pattern.slice(0, at);
}
