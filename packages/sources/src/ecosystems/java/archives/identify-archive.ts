import type { JarFacts, StatedArtifact } from './jar-facts.ts';
import { artifactOfFile, knownGroup } from './known-groups.ts';

export interface Artifact extends StatedArtifact {
  /** What the identity was concluded from, where the archive does not state it. */
  guessedFrom?: 'manifest' | 'file-name';
}

/** Names of OSGi bundles part their version with a low line, those of Scala's artifacts its edition (`_2.13`). */
const NAME = /^(.+?(?:_(?:2\.1\d|3)(?=-))?)(?:-(v?\d[\w.+-]*)|_(?!2\.1\d(?:-|$))(v?\d+\.[\w.+-]*))$/;
const PART = /^[\w.-]{1,512}$/;
const VERSION = /^v?\d[\w.+-]{0,255}$/;
const DOMAIN = /^(?:com|org|net|io|dev|edu|gov|cn|de|fr|me|co|uk|eu|ru|ch|se)\.[a-zA-Z][\w-]*(?:\.[\w-]+)*$/;
/** `group#artifact;version`, as a plug-in of Gradle writes titles. */
const TITLE = /^([\w.-]{1,256})#([\w.-]{1,256});([\w.+-]{1,256})$/;
/** Where repositories and caches lay archives: `.../group/artifact/version[/hash]/artifact-version.jar`. */
const IN_REPOSITORY = /(?:^|\/)(?:\.m2\/repository|repository\/maven2?|maven2)\/(.+)\/([^/]+)\/([^/]+)\/([^/]+)$/;
const IN_CACHE = /(?:^|\/)files-2\.1\/([^/]+)\/([^/]+)\/([^/]+)\/[0-9a-f]{1,40}\/([^/]+)$/;
/** Vendors that stand for hundreds of groups. */
const VAGUE: ReadonlySet<string> = new Set([
  'org.apache',
  'com.google',
  'com.sun',
  'com.github',
  'org.eclipse',
  'org.codehaus',
]);

/** Artifacts of an archive: as it states them, else as its place, its manifest and its file's name suggest. */
export function identifyArchive(facts: JarFacts, path: string): Artifact[] {
  // An archive of one's own that others were shaded into names itself among them; where it does not, they are all.
  const stated = facts.artifacts.filter(({ group, artifact }) => PART.test(group) && PART.test(artifact));
  if (stated.length > 0) return stated;
  const placed = fromPlace(path);
  if (placed !== undefined) return [placed];
  const { manifest } = facts;
  const title = manifest['Implementation-Title'] ?? '';
  const titled = TITLE.exec(title);
  const { name, version } = splitName(path, manifest);
  // The title of a project in a build may be another than the name it is published by.
  if (titled !== null && PART.test(name))
    return [
      {
        group: titled[1]!,
        artifact: version === undefined ? titled[2]! : name,
        version: version ?? titled[3]!,
        guessedFrom: 'manifest',
      },
    ];
  const stem = artifactOfFile(title, symbolicName(manifest), version === undefined ? artifactIn(manifest, name) : name);
  const found = version ?? versionIn(manifest);
  if (found === undefined || !PART.test(stem)) return [];
  const known = knownGroup(stem);
  if (known !== undefined) return [{ group: known, artifact: stem, version: found, guessedFrom: 'file-name' }];
  const group = groupIn(facts, stem);
  if (group !== undefined) return [{ group, artifact: stem, version: found, guessedFrom: 'manifest' }];
  // A version from the manifest alone says nothing of a file that anybody may have named.
  return version === undefined ? [] : [{ group: groupOfName(stem), artifact: stem, version, guessedFrom: 'file-name' }];
}

function fromPlace(path: string): Artifact | undefined {
  const match = IN_REPOSITORY.exec(path) ?? IN_CACHE.exec(path);
  if (match === null) return undefined;
  const [, place, artifact, version, file] = match as unknown as [string, string, string, string, string];
  const group = place.replaceAll('/', '.');
  if (!file.startsWith(`${artifact}-`) || ![group, artifact].every((part) => PART.test(part)) || !VERSION.test(version))
    return undefined;
  return { group, artifact, version, guessedFrom: 'file-name' };
}

/** What manifests call the artifact, for a file whose name has no version. */
function artifactIn(manifest: Record<string, string>, file: string): string {
  const titles = [
    manifest['Implementation-Title'],
    manifest['Extension-Name'],
    manifest['Short-Name'],
    symbolicName(manifest),
  ];
  const matching = titles.find((text) => text === file);
  return (
    matching ??
    (knownGroup(file) === undefined
      ? titles.find((text) => text !== undefined && PART.test(text) && !DOMAIN.test(text))
      : undefined) ??
    file
  );
}

function versionIn(manifest: Record<string, string>): string | undefined {
  const stated = [
    manifest['Implementation-Version'],
    manifest['Plugin-Version'],
    manifest['Bundle-Version'],
    manifest['Specification-Version'],
  ];
  // Kotlin writes `1.4.21-release-351 (1.4.21)`, Lucene a commit behind the version.
  const bare = stated.map((text) => /\((\d[\w.+-]*)\)$/.exec(text ?? '')?.[1] ?? text?.split(' ', 1)[0]);
  return bare.find((text) => text !== undefined && VERSION.test(text));
}

/** A group that the manifest names, or that the packages of its classes suggest. */
function groupIn({ manifest, package: root = '' }: JarFacts, artifact: string): string | undefined {
  const vendors = [manifest['Group-Id'], manifest['Implementation-Vendor-Id'], manifest['Implementation-Vendor']];
  const symbolic = symbolicName(manifest);
  const suffix = [`.${artifact}`, `.${artifact.replaceAll('-', '.')}`].find((end) => symbolic.endsWith(end));
  const vendor = vendors.find((text) => text !== undefined && DOMAIN.test(text) && !VAGUE.has(text));
  if (vendor !== undefined) return vendor;
  if (suffix !== undefined && DOMAIN.test(symbolic.slice(0, -suffix.length))) return symbolic.slice(0, -suffix.length);
  for (const text of [symbolic, manifest['Automatic-Module-Name'] ?? '']) {
    if (DOMAIN.test(text)) return text.split('.').length > 2 ? text.slice(0, text.lastIndexOf('.')) : text;
  }
  const parts = root.split('.');
  return DOMAIN.test(root) ? parts.slice(0, VAGUE.has(parts.slice(0, 2).join('.')) ? 3 : 2).join('.') : undefined;
}

function symbolicName(manifest: Record<string, string>): string {
  return (manifest['Bundle-SymbolicName'] ?? '').split(';', 1)[0]!.trim();
}

/** `org.eclipse.sisu.inject` is named after its group; other names tell of none, and stand for it. */
function groupOfName(name: string): string {
  return DOMAIN.test(name) && name.split('.').length > 2 ? name.slice(0, name.lastIndexOf('.')) : name;
}

/** `guava-29.0-jre.jar` as name and version; where the manifest has the version that it ends in, they part there. */
function splitName(path: string, manifest: Record<string, string>): { name: string; version: string | undefined } {
  const file = path.slice(path.lastIndexOf('/') + 1).slice(0, 512);
  const bare = file.slice(0, Math.max(0, file.lastIndexOf('.')));
  const version = versionIn(manifest);
  if (version !== undefined && bare.endsWith(`-${version}`))
    return { name: bare.slice(0, -version.length - 1), version };
  const match = NAME.exec(bare);
  return match === null ? { name: bare, version: undefined } : { name: match[1]!, version: match[2] ?? match[3] };
}
