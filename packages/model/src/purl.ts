/** A package URL in its parts, decoded. */
export interface Purl {
  /** Lower case: `deb`, `npm`. */
  type: string;
  /** Segments joined by `/`: `debian`, `@babel`, `github.com/a`. */
  namespace?: string;
  name: string;
  version?: string;
  qualifiers: Record<string, string>;
  subpath?: string;
}

const TYPE = /^[a-z][a-z0-9.+-]*$/;
const QUALIFIER_KEY = /^[a-z][a-z0-9._-]*$/;
const LONGEST = 4096;
const LOWER_CASE_NAMES = new Set(['alpm', 'apk', 'bitbucket', 'composer', 'deb', 'github', 'hex', 'pypi']);
const LOWER_CASE_NAMESPACES = new Set(['alpm', 'apk', 'bitbucket', 'composer', 'deb', 'github', 'hex', 'rpm']);

/** OSV ecosystem of each purl type whose packages do not depend on a distribution. */
export const LANGUAGE_ECOSYSTEMS: Readonly<Record<string, string>> = Object.freeze({
  npm: 'npm',
  pypi: 'PyPI',
  golang: 'Go',
  cargo: 'crates.io',
  maven: 'Maven',
  gem: 'RubyGems',
  composer: 'Packagist',
  nuget: 'NuGet',
  hex: 'Hex',
  pub: 'Pub',
  cran: 'CRAN',
  hackage: 'Hackage',
  bitnami: 'Bitnami',
  cocoapods: 'CocoaPods',
  conan: 'ConanCenter',
  swift: 'SwiftURL',
  julia: 'Julia',
  bioconductor: 'Bioconductor',
});

/**
 * Writes a purl in canonical form: qualifiers in the order of their keys, empty ones left out, names in the case that
 * their type asks for. Names of Go modules keep their case although the purl specification lowers it: module paths
 * are case sensitive and advisories spell them so.
 */
export function formatPurl(purl: Purl): string {
  const type = purl.type.toLowerCase();
  const namespace = purl.namespace && LOWER_CASE_NAMESPACES.has(type) ? purl.namespace.toLowerCase() : purl.namespace;
  const path = [...segments(namespace ?? ''), canonicalName(type, purl.name)].map(encode).join('/');
  const version = purl.version ? `@${encode(purl.version)}` : '';
  const qualifiers = Object.entries(purl.qualifiers)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${encode(value)}`)
    .join('&');
  const subpath = segments(purl.subpath ?? '')
    .map(encode)
    .join('/');
  return `pkg:${type}/${path}${version}${qualifiers && `?${qualifiers}`}${subpath && `#${subpath}`}`;
}

/** Reads a purl, from the right as the specification says; undefined where it is none. */
export function parsePurl(text: string): Purl | undefined {
  if (text.length > LONGEST || !/^pkg:/i.test(text)) return undefined;
  const [beforeSubpath, subpath] = splitLast(text.slice(4), '#');
  const [beforeQualifiers, query] = splitLast(beforeSubpath, '?');
  const trimmed = trimSlashes(beforeQualifiers);
  const slash = trimmed.indexOf('/');
  if (slash <= 0) return undefined;
  const type = trimmed.slice(0, slash).toLowerCase();
  const [path, version] = splitVersion(trimSlashes(trimmed.slice(slash + 1)));
  const parts = segments(path).map(decode);
  const qualifiers = parseQualifiers(query ?? '');
  const name = parts.pop();
  if (!TYPE.test(type) || !name || !qualifiers || parts.includes(undefined)) return undefined;
  const decodedVersion = version === undefined ? undefined : decode(version);
  const decodedSubpath = segments(subpath ?? '')
    .map(decode)
    .filter((part) => part !== '.' && part !== '..');
  if ((version !== undefined && decodedVersion === undefined) || decodedSubpath.includes(undefined)) return undefined;
  const namespace = parts.join('/');
  return {
    type,
    ...(namespace && { namespace: LOWER_CASE_NAMESPACES.has(type) ? namespace.toLowerCase() : namespace }),
    name: canonicalName(type, name),
    ...(decodedVersion && { version: decodedVersion }),
    qualifiers,
    ...(decodedSubpath.length > 0 && { subpath: decodedSubpath.join('/') }),
  };
}

/** The package's full name as its ecosystem and OSV spell it: `@babel/core`, `org.slf4j:slf4j-api`, `libssl3`. */
export function packageName({ type, namespace, name }: Purl): string {
  if (!namespace || type === 'deb' || type === 'apk' || type === 'rpm' || type === 'alpm') return name;
  return `${namespace}${type === 'maven' ? ':' : '/'}${name}`;
}

function canonicalName(type: string, name: string): string {
  const cased = LOWER_CASE_NAMES.has(type) ? name.toLowerCase() : name;
  return type === 'pypi' ? cased.replaceAll('_', '-') : cased;
}

/** A version follows the last `@` that does not open a segment: `pkg:npm/@babel/core` has none. */
function splitVersion(path: string): [path: string, version?: string] {
  const at = path.lastIndexOf('@');
  if (at <= 0 || path[at - 1] === '/' || path.slice(at).includes('/')) {
    const first = path.indexOf('@', 1);
    return first > 0 && path[first - 1] !== '/' ? [path.slice(0, first), path.slice(first + 1)] : [path];
  }
  return [path.slice(0, at), path.slice(at + 1)];
}

function parseQualifiers(query: string): Record<string, string> | undefined {
  const qualifiers: Record<string, string> = {};
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const [key, value] = splitFirst(pair, '=');
    const decoded = value === undefined ? undefined : decode(value);
    if (decoded === undefined || !QUALIFIER_KEY.test(key.toLowerCase())) return undefined;
    if (decoded !== '') qualifiers[key.toLowerCase()] = decoded;
  }
  return qualifiers;
}

function encode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function segments(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function trimSlashes(text: string): string {
  let start = 0;
  let end = text.length;
  while (text[start] === '/') start += 1;
  while (end > start && text[end - 1] === '/') end -= 1;
  return text.slice(start, end);
}

function splitLast(text: string, separator: string): [string, string?] {
  const index = text.lastIndexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

function splitFirst(text: string, separator: string): [string, string?] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
