import { createHash } from 'node:crypto';
import type { ImageRelease, ReleaseFile } from '@breakwater/model';
import { namedPeers } from '@breakwater/model/named-peers';
import type { ImageTree } from './image-tree.ts';
import { type Json, list, object, text } from './json.ts';
import { isLink } from './layer-contents.ts';
import { PROGRAMS, type ProgramFacts, programFacts } from './program-distiller.ts';

/** Programs and libraries that are listed of one image: twice as many as large ones have. */
const MOST_FILES = 40_000;
/** Other names of one program: BusyBox has some four hundred. */
const MOST_LINKS = 512;
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Programs and libraries of the final file system, in the order of their paths, with the other names that lead to them. */
export function readPrograms(tree: ImageTree): Pick<ImageRelease, 'files' | 'omitted'> {
  const files = new Map<string, ReleaseFile>();
  let omitted = 0;
  const add = (path: string, facts: ProgramFacts | undefined): void => {
    if (facts === undefined) return;
    if (files.size >= MOST_FILES) omitted += 1;
    else files.set(path, { path: `/${path}`, ...facts });
  };
  for (const [path, facts] of tree.distilled()) {
    const own = facts.find(({ ecosystem }) => ecosystem === PROGRAMS);
    if (own !== undefined) add(path, JSON.parse(own.bytes.toString('utf8')) as ProgramFacts);
  }
  for (const path of tree.kept()) {
    const content = tree.entry(path);
    if (Buffer.isBuffer(content)) add(path, programFacts(path, content));
  }
  for (const path of tree.links()) {
    const entry = tree.entry(path);
    const target = isLink(entry) && entry.hard ? entry.target : tree.resolve(path);
    const file = target === undefined ? undefined : files.get(target);
    if (file === undefined || target === path) continue;
    file.links ??= [];
    if (file.links.length < MOST_LINKS) file.links.push(`/${path}`);
  }
  for (const file of files.values()) file.links?.sort();
  return { files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), omitted };
}

/** What an image's config says that behaviour depends on: of values only digests, and the hosts that they name. */
export function readEnvironment(document: Json): Omit<ImageRelease, 'files' | 'omitted'> {
  const config = object(document['config']);
  const variables = list(config['Env']).flatMap((item) => {
    const variable = text(item) ?? '';
    const equals = variable.indexOf('=');
    return equals < 1 ? [] : [{ name: variable.slice(0, equals), value: variable.slice(equals + 1) }];
  });
  const commandLine = [...list(config['Entrypoint']), ...list(config['Cmd'])].flatMap((item) => text(item) ?? []);
  const path = variables.find(({ name }) => name === 'PATH')?.value ?? DEFAULT_PATH;
  return {
    environment: Object.fromEntries(
      variables.flatMap(({ name, value }) => (name === '__proto__' ? [] : [[name, digestOf(value)]])),
    ),
    searchPath: path.split(':').filter((folder) => folder.startsWith('/')),
    peers: namedPeers(variables, commandLine),
  };
}

const digestOf = (value: string): string => createHash('sha256').update(value).digest('hex').slice(0, 16);
