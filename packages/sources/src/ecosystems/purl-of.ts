import type { Distribution } from '@breakwater/model';
import { formatPurl } from '@breakwater/model/purl';

/** Longest name or version that is taken for one, as a purl writes it: four of them still make one that can be read. */
const LONGEST = 800;
/** What one character takes at most when it is written in percent. */
const LONGEST_ENCODED = 9;
/** `x86_64`, `hurd-i386`. */
const LONGEST_ARCHITECTURE = 64;

/** Whether a name or version from a foreign file can be an identity at all. */
export function isIdentity(text: string | undefined): text is string {
  if (text === undefined || text === '' || text.length > LONGEST || text.includes('\0')) return false;
  return text.length * LONGEST_ENCODED <= LONGEST || encodeURIComponent(text.toWellFormed()).length <= LONGEST;
}

export interface OsPackage {
  type: 'deb' | 'apk' | 'alpm';
  /** Namespace where no distribution is known. */
  vendor: string;
  name: string;
  version: string;
  architecture: string | undefined;
  source: { name: string; version: string };
}

/** `pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12&upstream=openssl`, as other scanners write and read it. */
export function osPackagePurl(item: OsPackage, distribution: Distribution | undefined): string {
  const { name, version, source, architecture = '' } = item;
  const upstream = source.version === version ? source.name : `${source.name}@${source.version}`;
  const release = distribution?.versionId === undefined ? '' : `-${distribution.versionId}`;
  return formatPurl({
    type: item.type,
    namespace: (distribution?.id ?? item.vendor).toWellFormed(),
    name: name.toWellFormed(),
    version: version.toWellFormed(),
    qualifiers: {
      arch: architecture.length > LONGEST_ARCHITECTURE ? '' : architecture.toWellFormed(),
      distro: distribution === undefined ? '' : `${distribution.id}${release}`.toWellFormed(),
      upstream: upstream === name ? '' : upstream.toWellFormed(),
    },
  });
}
