import type { Component, VexSubject } from '@breakwater/model';
import { type Purl, packageName, parsePurl } from '@breakwater/model/purl';
import { inVersRange, orderOfType } from './vers-range.ts';

/** Package formats in which a purl names the distribution as its namespace, and the source with `arch=source`. */
const SYSTEM_TYPES = new Set(['deb', 'rpm', 'apk', 'alpm']);
/** Qualifiers that say where a package was got, not which one it is. */
const ORIGINS = new Set(['download_url', 'vcs_url', 'repository_url', 'file_name', 'checksum', 'upstream']);

/** How closely a subject names a component: `version`, or every version of it; undefined where it means another. */
export type Closeness = 'version' | 'any-version';

/** Whether one of a subject's names is a component's. */
export function fitsComponent({ names, versions }: VexSubject, component: Component): Closeness | undefined {
  let fits: Closeness | undefined;
  for (const name of names) {
    const found = name.startsWith('pkg:') ? fitsPurl(name, versions, component) : fitsCpe(name, component);
    if (found === 'version') return found;
    fits ??= found;
  }
  return fits;
}

function fitsPurl(text: string, versions: readonly string[], component: Component): Closeness | undefined {
  const stated = parsePurl(text);
  const own = parsePurl(component.purl);
  if (stated === undefined || own === undefined || stated.type !== own.type) return undefined;
  const isSource = /^(?:source|src)$/.test(stated.qualifiers['arch'] ?? '');
  const names = isSource && component.source ? [component.source.name] : namesOf(stated, own, component);
  if (!names.includes(nameOf(stated)) || !sameNamespace(stated, own)) return undefined;
  if (!isSource && !fitsQualifiers(stated, own)) return undefined;
  const version = isSource && component.source ? component.source.version : component.version;
  if (stated.version !== undefined) return sameVersion(stated, version) ? 'version' : undefined;
  if (versions.length === 0) return 'any-version';
  return versions.some((item) => fitsVersion(item, version, stated.type)) ? 'version' : undefined;
}

/** In a system's package the namespace is the distribution, and the name is all there is. */
function nameOf(purl: Purl): string {
  return packageName(purl).toLowerCase();
}

function namesOf(stated: Purl, own: Purl, component: Component): string[] {
  const names = [nameOf(own)];
  // Sources say which package they mean by the name of the source, and forget to mark it as one.
  if (stated.type === 'rpm' && stated.qualifiers['arch'] === undefined && component.source)
    names.push(component.source.name.toLowerCase());
  return names;
}

function sameNamespace(stated: Purl, own: Purl): boolean {
  if (!SYSTEM_TYPES.has(stated.type) || stated.namespace === undefined) return true;
  return stated.namespace === own.namespace;
}

/** Every qualifier that is stated must be the component's. Where it has none, it was not told and may be any. */
function fitsQualifiers(stated: Purl, own: Purl): boolean {
  return Object.entries(stated.qualifiers).every(([key, value]) => {
    if (key === 'epoch' || ORIGINS.has(key)) return true;
    const has = own.qualifiers[key];
    if (key === 'distro')
      return has === undefined || has === value || has.startsWith(`${value}.`) || value.startsWith(`${has}.`);
    return has === undefined ? key === 'arch' : has === value || value === 'noarch' || has === 'noarch';
  });
}

function sameVersion({ type, version = '', qualifiers }: Purl, own: string): boolean {
  const epoch = qualifiers['epoch'];
  const stated = epoch === undefined || /^[0-9]+:/.test(version) ? version : `${epoch}:${version}`;
  if (stated === own) return true;
  const order = orderOfType(type);
  const [left, right] = [order.parse(stated), order.parse(own)];
  return left !== undefined && right !== undefined && order.compare(left, right) === 0;
}

function fitsVersion(item: string, version: string, type: string): boolean {
  if (!item.startsWith('vers:')) return sameVersion({ type, name: '', version: item, qualifiers: {} }, version);
  // A document may write a range of its format without naming it.
  const range = item.replace(/^vers:(?:generic|unknown|intdot)\//, `vers:${type}/`);
  return inVersRange(range, version) || inVersRange(item, version);
}

function fitsCpe(name: string, { cpes = [], version }: Component): Closeness | undefined {
  if (!name.startsWith('cpe:2.3:a:')) return undefined;
  const [vendor, product, stated = '*'] = name.split(/(?<!\\):/).slice(3);
  const isMeant = cpes.some((cpe) => {
    const own = cpe.split(/(?<!\\):/).slice(3);
    return own[0] === vendor && own[1] === product;
  });
  if (!isMeant) return undefined;
  if (stated === '*' || stated === '-') return 'any-version';
  return stated === version ? 'version' : undefined;
}
