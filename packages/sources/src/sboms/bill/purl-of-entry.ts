import type { Component, Distribution } from '@breakwater/model';
import { LANGUAGE_ECOSYSTEMS, type Purl, parsePurl } from '@breakwater/model/purl';
import type { BillEntry } from './bill.ts';
import { packageTypeOf } from './distribution.ts';

/** Kinds of package of an operating system: their ecosystem is that of the distribution. */
export const SYSTEM_TYPES: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm', 'alpm']);
const WITH_EPOCH: ReadonlySet<string> = new Set(['deb', 'rpm', 'alpm']);
/** Every kind of package there is: a test holds this to the model, which cannot be loaded where strangers are read. */
const TYPES: ReadonlySet<string> = new Set([
  ...Object.keys(LANGUAGE_ECOSYSTEMS),
  ...SYSTEM_TYPES,
  ...['cocoapods', 'conda', 'ebuild', 'opkg', 'vcpkg', 'brew', 'nix', 'snap', 'flatpak', 'cos', 'bottlerocket'],
  ...['wordpress-plugin', 'generic'],
]);
/** Types as old versions of Syft spelled them. */
const OLD_TYPES = new Map([
  ['alpine', 'apk'],
  ['dpkg', 'deb'],
]);
/** Types whose names hold slashes, which some tools encode instead of writing a namespace. */
const WITH_SLASHES = new Set(['npm', 'golang', 'composer']);
/** Versions of packages by the marks that their builders leave in them. */
const RELEASES = new Map([
  ['apk', /-r\d{1,4}$/],
  ['rpm', /-[^-]{0,60}\.(?:el|fc|amzn|cm|azl|ph)\d/],
]);

/** Whether a purl type is one that is told apart; what is of another is listed as `generic`. */
export function isComponentType(type: string): type is Component['type'] {
  return TYPES.has(type);
}

/** The purl that an entry states, as it would be written today; undefined where it states none that is valid. */
export function statedPurl(entry: BillEntry): Purl | undefined {
  const purl = parsePurl(entry.purl);
  if (!purl) return undefined;
  const type = OLD_TYPES.get(purl.type) ?? purl.type;
  const slash = WITH_SLASHES.has(type) && !purl.namespace ? purl.name.lastIndexOf('/') : -1;
  // Syft once wrote the distribution as type: pkg:alpine/musl.
  const vendor = purl.type === 'alpine' && !purl.namespace ? { namespace: 'alpine' } : {};
  if (slash <= 0) return { ...purl, ...vendor, type };
  return { ...purl, type, namespace: purl.name.slice(0, slash), name: purl.name.slice(slash + 1) };
}

/**
 * The purl of an entry that states none: by the database it was found in, else by the distribution where its version
 * looks like one of its packages', else `generic`.
 */
export function guessedPurl(entry: BillEntry, distribution: Distribution | undefined): Purl {
  const { name, group, version } = entry;
  const ofSystem = packageTypeOf(distribution);
  const type = entry.hint ?? (ofSystem && RELEASES.get(ofSystem)?.test(version) ? ofSystem : 'generic');
  const release = distribution?.versionId === undefined ? '' : `-${distribution.versionId}`;
  const isSystem = SYSTEM_TYPES.has(type);
  const full = isSystem || group === '' ? name : `${group}/${name}`;
  const separator = type === 'maven' ? Math.max(full.lastIndexOf(':'), full.lastIndexOf('/')) : full.lastIndexOf('/');
  const namespace = isSystem ? distribution?.id : full.slice(0, Math.max(separator, 0));
  return {
    type,
    ...(namespace && { namespace }),
    name: isSystem ? name : full.slice(separator + 1) || full,
    ...(version !== '' && { version }),
    qualifiers: isSystem && distribution ? { distro: `${distribution.id}${release}` } : {},
  };
}

/** Trivy writes the epoch beside the version, Syft in it; here it is always in it. */
export function withEpoch(purl: Purl, version: string): string {
  const epoch = purl.qualifiers['epoch'] ?? '';
  const lacksEpoch = WITH_EPOCH.has(purl.type) && /^[1-9]\d{0,8}$/.test(epoch) && !/^\d+:/.test(version);
  return version !== '' && lacksEpoch ? `${epoch}:${version}` : version;
}

/**
 * The purl as the packages of an image have theirs: the epoch in the version (an rpm says it in a qualifier too), the
 * module of an rpm as `rpmmod`, and without what only told apart entries of the document.
 */
export function canonicalPurl(purl: Purl, version: string): Purl {
  const { 'package-id': _id, epoch, modularitylabel, ...qualifiers } = purl.qualifiers;
  const isRpm = purl.type === 'rpm';
  const inVersion = isRpm ? /^(\d{1,9}):/.exec(version)?.[1] : undefined;
  const kept = WITH_EPOCH.has(purl.type) ? inVersion : epoch;
  const { version: _version, ...rest } = purl;
  return {
    ...rest,
    ...(version !== '' && { version }),
    qualifiers: {
      ...(modularitylabel && (isRpm ? { rpmmod: modularitylabel } : { modularitylabel })),
      ...qualifiers,
      ...(kept && kept !== '0' && { epoch: kept }),
    },
  };
}
