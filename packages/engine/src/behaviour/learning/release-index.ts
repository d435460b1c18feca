import type { ReleaseDifference, ReleaseFacts } from '@breakwater/model';
import { withoutVersions } from './versions.ts';

/** What a release is asked for about each new behaviour, for looking up. */
export interface ReleaseIndex {
  /** Component by path of a file of the image; empty for one of no component. */
  components: ReadonlyMap<string, string>;
  /** How a file differs from the release before, and what it was called there where only a version in its name differs. */
  files: ReadonlyMap<string, FileChange>;
  /** Folders that only this release has, by what the one before called them but for a version. */
  folders: ReadonlyMap<string, string>;
  /** Versions of components before and after, where they differ. */
  upgraded: ReadonlyMap<string, { before?: string; after?: string }>;
  ports: ReadonlySet<string>;
  /** Ports by host: an empty set for any. */
  peers: ReadonlyMap<string, ReadonlySet<string>>;
  capabilities: ReadonlySet<string>;
  mounts: readonly string[];
  programs: ReadonlySet<string>;
  /** Whether the environment or the arguments differ. */
  isConfiguredAnew: boolean;
}

export interface FileChange {
  change: 'added' | 'altered';
  /** Path that it had before, with another version in it. */
  was?: string;
}

/** What a difference says of files and folders. */
export type FileChanges = Pick<ReleaseIndex, 'files' | 'folders'>;

/** `difference` is from the release before; absent for the first. */
export function indexRelease(
  facts: ReleaseFacts,
  difference: ReleaseDifference | undefined,
  changed: FileChanges,
): ReleaseIndex {
  const components = new Map<string, string>();
  for (const { path, component = '', links = [] } of facts.files) {
    components.set(path, component);
    for (const link of links) if (!components.has(link)) components.set(link, component);
  }
  const changes = difference?.changes ?? [];
  return {
    components,
    ...changed,
    upgraded: new Map(
      changes
        .filter(({ kind, change }) => kind === 'component' && change !== 'removed')
        .map(({ name, before, after }) => [name, { ...(before && { before }), ...(after && { after }) }]),
    ),
    ports: new Set(facts.ports),
    peers: peersOf(facts.peers),
    capabilities: new Set(facts.capabilities),
    mounts: facts.mounts.map(({ path }) => path),
    programs: new Set([...facts.probes, ...facts.entrypoint.slice(0, 1), ...facts.command.slice(0, 1)]),
    isConfiguredAnew: changes.some(({ kind }) => kind === 'environment' || kind === 'entrypoint'),
  };
}

/** How files differ, with the other paths that lead to them. */
export function fileChangesOf({ files: all }: ReleaseFacts, difference: ReleaseDifference | undefined): FileChanges {
  const files = new Map<string, FileChange>();
  const folders = new Map<string, string>();
  const removed = new Map<string, string>();
  const changes = (difference?.changes ?? []).filter(({ kind }) => kind === 'executable' || kind === 'library');
  for (const { change, name } of changes) if (change === 'removed') removed.set(withoutVersions(name), name);
  const links = new Map(all.map(({ path, links = [] }) => [path, links]));
  for (const { change, name } of changes) {
    if (change === 'removed') continue;
    const was = change === 'added' ? removed.get(withoutVersions(name)) : undefined;
    const told: FileChange = { change, ...(was !== undefined && { was }) };
    for (const path of [name, ...(links.get(name) ?? [])]) files.set(path, told);
    if (was !== undefined) noteFolders(folders, was, name);
  }
  return { files, folders };
}

/** Each folder of a moved file that is called otherwise than before. */
function noteFolders(folders: Map<string, string>, was: string, name: string): void {
  const [before, after] = [was.split('/'), name.split('/')];
  if (before.length !== after.length) return;
  for (let end = 2; end < after.length; end++) {
    if (before[end - 1] === after[end - 1]) continue;
    folders.set(after.slice(0, end).join('/'), before.slice(0, end).join('/'));
  }
}

/** `host:port`, or a host alone. */
function peersOf(peers: readonly string[]): Map<string, Set<string>> {
  const ports = new Map<string, Set<string>>();
  for (const peer of peers) {
    const [, host = peer, port] = /^(.*?)(?::(\d+))?$/.exec(peer) ?? [];
    const known = ports.get(host.toLowerCase());
    if (port === undefined) ports.set(host.toLowerCase(), new Set());
    else if (known === undefined) ports.set(host.toLowerCase(), new Set([port]));
    else if (known.size > 0) known.add(port);
  }
  return ports;
}
