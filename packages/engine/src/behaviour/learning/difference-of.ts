import type { ReleaseChange, ReleaseDifference, ReleaseFacts, ReleaseFile } from '@breakwater/model';

/** Changes of one difference that are listed: more than there are between two releases of which a model keeps all files. */
const MOST_CHANGES = 20_000;
/** Of those that are too many, these are kept first. */
const ORDER: readonly ReleaseChange['kind'][] = [
  'entrypoint',
  'user',
  'port',
  'peer',
  'mount',
  'environment',
  'probe',
  'capability',
  'limit',
  'service-account',
  'component',
  'executable',
  'library',
];

/**
 * What was built or declared differently, in a stable order. What is not known of one of them is not compared, and
 * `incomplete` says so. Scripts are executables.
 */
export function differenceOf(before: ReleaseFacts, after: ReleaseFacts): ReleaseDifference {
  const incomplete: string[] = [];
  const changes = [
    ...listChanges('entrypoint', [startOf(before)], [startOf(after)]),
    ...listChanges('user', listOf(before.user), listOf(after.user)),
    ...setChanges('port', before.ports, after.ports),
    ...setChanges('peer', before.peers, after.peers),
    ...mapChanges('mount', mountsOf(before), mountsOf(after)),
    ...mapChanges('environment', entriesOf(before.environment), entriesOf(after.environment)),
    ...setChanges('probe', before.probes, after.probes),
    ...setChanges('capability', before.capabilities, after.capabilities),
    ...mapChanges('limit', entriesOf(before.limits), entriesOf(after.limits)),
    ...listChanges('service-account', listOf(before.serviceAccount), listOf(after.serviceAccount)),
    ...mapChanges('component', entriesOf(before.components), entriesOf(after.components)),
    ...fileChanges(before, after, incomplete),
  ];
  changes.sort(inOrder);
  return withFirst({ from: before.id, to: after.id, changes, incomplete }, MOST_CHANGES);
}

/** A difference of which no more than the first changes are listed, and the others counted. */
export function withFirst(difference: ReleaseDifference, most: number): ReleaseDifference {
  const { changes, unlisted = 0 } = difference;
  if (changes.length <= most) return difference;
  return { ...difference, changes: changes.slice(0, most), unlisted: unlisted + changes.length - most };
}

function inOrder(a: ReleaseChange, b: ReleaseChange): number {
  const byKind = ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind);
  if (byKind !== 0) return byKind;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

const listOf = (text: string | undefined): string[] => (text === undefined ? [] : [text]);
const startOf = ({ entrypoint, command }: ReleaseFacts): string => [...entrypoint, ...command].join(' ');
const mountsOf = ({ mounts }: ReleaseFacts): Map<string, string> =>
  new Map(mounts.map(({ path, readOnly }) => [path, readOnly ? 'read only' : 'writable']));
const entriesOf = (record: Readonly<Record<string, string | number>>): Map<string, string> =>
  new Map(Object.entries(record).map(([name, value]) => [name, String(value)]));

/** What there is one of: named by what it is, and by what it was where it is gone. */
function listChanges(kind: ReleaseChange['kind'], [before = '']: string[], [after = '']: string[]): ReleaseChange[] {
  if (before === after) return [];
  if (before === '') return [{ kind, change: 'added', name: after, after }];
  if (after === '') return [{ kind, change: 'removed', name: before, before }];
  return [{ kind, change: 'altered', name: after, before, after }];
}

function setChanges(kind: ReleaseChange['kind'], before: readonly string[], after: readonly string[]): ReleaseChange[] {
  const [old, now] = [new Set(before), new Set(after)];
  return [
    ...[...now].filter((name) => !old.has(name)).map((name) => ({ kind, change: 'added' as const, name })),
    ...[...old].filter((name) => !now.has(name)).map((name) => ({ kind, change: 'removed' as const, name })),
  ];
}

function mapChanges(
  kind: ReleaseChange['kind'],
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): ReleaseChange[] {
  const changes: ReleaseChange[] = [];
  for (const [name, value] of after) {
    const old = before.get(name);
    if (old === undefined) changes.push({ kind, change: 'added', name, after: value });
    else if (old !== value) changes.push({ kind, change: 'altered', name, before: old, after: value });
  }
  for (const [name, value] of before)
    if (!after.has(name)) changes.push({ kind, change: 'removed', name, before: value });
  return changes;
}

/** Digests are long, and tell people nothing. */
const SHORT = 'sha256:'.length + 12;
const shortOf = (digest: string | undefined): string => (digest ?? '').slice(0, SHORT);

function fileChanges(before: ReleaseFacts, after: ReleaseFacts, incomplete: string[]): ReleaseChange[] {
  if (!before.filesKnown || !after.filesKnown) {
    const which = before.filesKnown ? 'this release' : after.filesKnown ? 'the release before' : 'both releases';
    incomplete.push(`the files of ${which} are not known: what was added or altered among them explains nothing`);
    return [];
  }
  const [old, now] = [filesOf(before), filesOf(after)];
  const changes: ReleaseChange[] = [];
  let unread = 0;
  for (const [path, file] of now) {
    const was = old.get(path);
    if (was === undefined) changes.push(changeOf(file, 'added', undefined, file));
    else if (was.digest === undefined || file.digest === undefined) {
      const isUpgraded = before.components[was.component ?? ''] !== after.components[file.component ?? ''];
      if (isUpgraded) changes.push(changeOf(file, 'altered', was, file));
      else unread += 1;
    } else if (was.digest !== file.digest) changes.push(changeOf(file, 'altered', was, file));
  }
  for (const [path, file] of old) if (!now.has(path)) changes.push(changeOf(file, 'removed', file, undefined));
  if (unread > 0) incomplete.push(`${unread} files have no digest: whether they changed is not known`);
  return changes;
}

const filesOf = ({ files }: ReleaseFacts): Map<string, ReleaseFile> => new Map(files.map((file) => [file.path, file]));

function changeOf(
  { path, kind }: ReleaseFile,
  change: ReleaseChange['change'],
  before: ReleaseFile | undefined,
  after: ReleaseFile | undefined,
): ReleaseChange {
  return {
    kind: kind === 'library' ? 'library' : 'executable',
    change,
    name: path,
    ...(before?.digest !== undefined && { before: shortOf(before.digest) }),
    ...(after?.digest !== undefined && { after: shortOf(after.digest) }),
  };
}
