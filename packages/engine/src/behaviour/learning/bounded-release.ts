import type { ReleaseDifference, ReleaseFacts, ReleaseFile } from '@breakwater/model';
import { withFirst } from './difference-of.ts';
import { cutTo, jsonBytes } from './json-bytes.ts';

/** Bytes of JSON for what there may be much of. */
const MOST = { files: 220_000, components: 60_000, list: 8_000, changes: 40_000, text: 1_000 };
/** Of a digest enough to tell files apart. */
const DIGEST = 'sha256:'.length + 16;

/** Facts of bounded size. Of an image with more files than are kept, what is not among them is not known. */
export function boundedFacts(facts: ReleaseFacts): ReleaseFacts {
  const files = within(facts.files.map(shortened), MOST.files, bytesOfFile);
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

function bytesOfFile({ path, digest = '', component = '', links = [] }: ReleaseFile): number {
  let bytes = 40 + jsonBytes(path) + digest.length + jsonBytes(component);
  for (const link of links) bytes += 3 + jsonBytes(link);
  return bytes;
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
