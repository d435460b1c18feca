import type { ReleaseDifference, ReleaseFacts, ReleaseFile } from '@breakwater/model';
import { withFirst } from './difference-of.ts';
import { cutTo, jsonBytes } from './json-bytes.ts';

/** Bytes of JSON for what there may be much of. */
const MOST = { files: 260_000, components: 60_000, list: 8_000, changes: 40_000, text: 1_000 };
/** Of a digest enough to tell files apart. */
const DIGEST = 'sha256:'.length + 16;

/** Facts of bounded size. Of an image with more files than are kept, what is not among them is not known. */
export function boundedFacts(facts: ReleaseFacts): ReleaseFacts {
  const files = within(facts.files.map(shortened), MOST.files, bytesOfFiles());
  return {
    ...facts,
    id: cutTo(facts.id, MOST.text),
    ...(facts.image !== undefined && { image: cutTo(facts.image, MOST.text) }),
    ...(facts.imageDigest !== undefined && { imageDigest: cutTo(facts.imageDigest, MOST.text) }),
    files,
    filesKnown: facts.filesKnown && files.length === facts.files.length,
    components: recordWithin(facts.components, MOST.components),
    entrypoint: listWithin(facts.entrypoint),
    command: listWithin(facts.command),
    ports: listWithin(facts.ports),
    mounts: within(facts.mounts, MOST.list, ({ path }) => jsonBytes(path) + 40),
    environment: recordWithin(facts.environment, MOST.list),
    peers: listWithin(facts.peers),
    probes: listWithin(facts.probes),
    capabilities: listWithin(facts.capabilities),
  };
}

/** A difference of which as many changes are listed as people read. */
export function boundedDifference(difference: ReleaseDifference): ReleaseDifference {
  const listed = within(
    difference.changes,
    MOST.changes,
    ({ name, before = '', after = '' }) => 70 + jsonBytes(name) + jsonBytes(before) + jsonBytes(after),
  );
  return withFirst(difference, listed.length);
}

function shortened({ path, digest, component, kind, links }: ReleaseFile): ReleaseFile {
  return {
    path,
    kind,
    ...(digest !== undefined && { digest: digest.slice(0, DIGEST) }),
    ...(component !== undefined && { component }),
    ...(links !== undefined && { links }),
  };
}

/** Of a row for a file without its texts, and of one more path in it. */
const ROW = 24;
const PATH = 10;

/** Bytes of files as they are kept (`packFile`): of folders and components the first time. */
function bytesOfFiles(): (file: ReleaseFile) => number {
  const named = new Set<string>();
  const bytesOfName = (name: string): number => {
    if (named.has(name)) return 0;
    named.add(name);
    return 3 + jsonBytes(name);
  };
  const bytesOfPath = (path: string): number => {
    const end = path.lastIndexOf('/') + 1;
    return PATH + jsonBytes(path.slice(end)) + bytesOfName(path.slice(0, end));
  };
  return ({ path, digest = '', component = '', links = [] }) => {
    const paths = [path, ...links].reduce((bytes, one) => bytes + bytesOfPath(one), 0);
    return ROW + paths + digest.length + bytesOfName(component);
  };
}

/** As many of the first as fit. */
function within<T>(list: readonly T[], most: number, bytesOf: (item: T) => number): T[] {
  let [bytes, end] = [0, 0];
  for (; end < list.length; end++) {
    bytes += bytesOf(list[end]!);
    if (bytes > most) break;
  }
  return list.slice(0, end);
}

const listWithin = (list: readonly string[]): string[] => within(list, MOST.list, (text) => 3 + jsonBytes(text));

const recordWithin = (record: Readonly<Record<string, string>>, most: number): Record<string, string> =>
  Object.fromEntries(within(Object.entries(record), most, ([name, value]) => 6 + jsonBytes(name) + jsonBytes(value)));
