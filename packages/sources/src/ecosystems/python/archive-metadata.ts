import { readZip, unpack } from '../zip/zip-archive.ts';

const LARGEST = 1024 * 1024;
const METADATA = /^(?:EGG-INFO\/PKG-INFO|[^/]+\.dist-info\/METADATA)$/;

/** Metadata inside of an egg or a wheel, which are zip archives; undefined where there is none that can be read. */
export function readArchiveMetadata(bytes: Buffer): string | undefined {
  const archive = readZip(bytes);
  const entry = archive?.entries.find(({ name }) => METADATA.test(name));
  if (archive === undefined || entry === undefined) return undefined;
  const unpacked = unpack(archive, entry, LARGEST);
  return 'content' in unpacked ? unpacked.content.toString('utf8') : undefined;
}
