import type { JarFacts } from './read-jar.ts';

export interface Artifact {
  group: string;
  artifact: string;
  version: string;
  /** What the identity was concluded from, where the archive does not state it. */
  guessedFrom?: 'manifest' | 'file-name';
}

/** Names of OSGi bundles part their version with a low line. */
const NAME = /^(.+?)(?:-(v?\d[\w.+-]*)|_(v?\d+\.[\w.+-]*))$/;
const PART = /^[\w.-]{1,512}$/;
const VERSION = /^v?\d[\w.+-]{0,255}$/;

/** Artifacts of an archive: as its pom.properties state them, else as its manifest and its file's name suggest. */
export function identifyArchive({ artifacts, manifest }: JarFacts, path: string): Artifact[] {
  const { name, version } = splitName(path);
  const stated = artifacts.filter(({ group, artifact }) => PART.test(group) && PART.test(artifact));
  // An archive of one's own that others were shaded into names itself among them; where it does not, they are all.
  if (stated.length > 0) return stated;
  const symbolic = (manifest['Bundle-SymbolicName'] ?? '').split(';', 1)[0]!.trim();
  const group = groupIn(manifest, symbolic);
  const titles = [manifest['Implementation-Title'], manifest['Extension-Name'], manifest['Short-Name'], symbolic];
  const title = titles.find((text) => text !== undefined && PART.test(text));
  const manifestVersion = [
    manifest['Implementation-Version'],
    manifest['Plugin-Version'],
    manifest['Bundle-Version'],
  ].find((text) => text !== undefined && VERSION.test(text));
  if (group !== undefined && (version ?? manifestVersion) !== undefined) {
    const artifact = version === undefined ? title : name;
    if (artifact !== undefined && PART.test(artifact))
      return [{ group, artifact, version: (version ?? manifestVersion)!, guessedFrom: 'manifest' }];
  }
  if (version === undefined || !PART.test(name)) return [];
  return [{ group: groupOfName(name), artifact: name, version, guessedFrom: 'file-name' }];
}

function groupIn(manifest: Record<string, string>, symbolic: string): string | undefined {
  const stated = [manifest['Group-Id'], manifest['Implementation-Vendor-Id']].find(
    (text) => text !== undefined && /^[\w-]+(?:\.[\w-]+)*$/.test(text),
  );
  return stated ?? (/^[\w-]+(?:\.[\w-]+){2,}$/.test(symbolic) ? groupOfName(symbolic) : undefined);
}

/** `org.eclipse.sisu.inject` is named after its group; other names tell of none, and stand for it. */
function groupOfName(name: string): string {
  return /^(?:com|org|net|io|dev|edu|gov)\.[\w-]+\.[\w.-]+$/.test(name) ? name.slice(0, name.lastIndexOf('.')) : name;
}

/** `guava-29.0-jre.jar` as name and version. */
function splitName(path: string): { name: string; version: string | undefined } {
  const file = path.slice(path.lastIndexOf('/') + 1).slice(0, 512);
  const bare = file.slice(0, Math.max(0, file.lastIndexOf('.')));
  const match = NAME.exec(bare);
  return match === null ? { name: bare, version: undefined } : { name: match[1]!, version: match[2] ?? match[3] };
}
