const ARCHIVE = /\.(?:jar|war|ear|sar|par|lpkg|jpi|hpi|kar|far)$/i;
const PROPERTIES = /(?:^|\/)pom\.properties$/;
const POM = /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.xml$/;
const CLASS = /^(?:(?:BOOT-INF|WEB-INF)\/classes\/)?([a-z][\w/]*\/)?\w+\.class$/;

export const MANIFEST = 'META-INF/MANIFEST.MF';

/** Whether a name is that of an archive of Java. */
export function isArchiveName(path: string): boolean {
  return ARCHIVE.test(path);
}

/** What an entry of an archive is read for; undefined where it is not read. */
export function roleOf(name: string): 'manifest' | 'properties' | 'pom' | 'archive' | undefined {
  if (name === MANIFEST) return 'manifest';
  if (PROPERTIES.test(name)) return 'properties';
  if (POM.test(name)) return 'pom';
  return isArchiveName(name) ? 'archive' : undefined;
}

/** The package of a class by the name of its entry, in folders: `org/example`. */
export function packageOf(name: string): string | undefined {
  const match = CLASS.exec(name);
  return match === null ? undefined : (match[1] ?? '').slice(0, -1);
}

const [S, E, L, F, DOT] = ['s', 'e', 'l', 'F', '.'].map((char) => char.charCodeAt(0));

/**
 * Whether the bytes between two places may be the name of an entry that is read. Nearly all entries are classes, whose
 * names are not even decoded.
 */
export function mayHaveRole(bytes: Buffer, start: number, end: number): boolean {
  const last = bytes[end - 1];
  if (last === S) return bytes[end - 2] === E && end - start >= 14;
  if (last === F || last === L) return bytes[end - 3] === DOT || bytes[end - 4] === DOT;
  return bytes[end - 4] === DOT || bytes[end - 5] === DOT;
}

/** Whether the bytes between two places are the name of a class. */
export function isClassName(bytes: Buffer, start: number, end: number): boolean {
  return end - start > 6 && bytes[end - 1] === S && bytes[end - 2] === S && bytes[end - 6] === DOT;
}
