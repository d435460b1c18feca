import type { Component, Distribution } from '@breakwater/model';
import { formatPurl } from '@breakwater/model/purl';
import { isIdentity } from '../purl-of.ts';
import type { RpmHeader } from './header.ts';

const SOURCE_SUFFIX = /\.(?:no)?src\.rpm$/;

/** A package with its name and version, `[epoch:]version-release`; undefined where a header has no usable ones. */
export function toComponent(
  header: RpmHeader,
  path: string,
  files: string[],
  distribution: Distribution | undefined,
): Component | undefined {
  const { name, architecture, sourceRpm, vendor, licence, modularityLabel } = header;
  const version = versionOf(header);
  if (!isIdentity(name) || !isIdentity(version)) return undefined;
  const source = parseSourceRpm(sourceRpm);
  const purl = rpmPurl(name, version, header, distribution);
  return {
    id: purl,
    type: 'rpm',
    name,
    version,
    purl,
    ...(distribution?.ecosystem !== undefined && { ecosystem: distribution.ecosystem }),
    ...(source !== undefined && { source }),
    ...(architecture !== undefined && { architecture }),
    ...(vendor !== undefined && { vendor }),
    ...(modularityLabel !== undefined && { modularityLabel }),
    licences: licence === undefined ? [] : [licence],
    path: `/${path}`,
    files,
    scope: 'installed',
    development: false,
  };
}

function versionOf({ epoch, version, release }: RpmHeader): string | undefined {
  if (!isIdentity(version) || !isIdentity(release)) return undefined;
  return `${epoch === undefined || epoch === 0 ? '' : `${epoch}:`}${version}-${release}`;
}

/**
 * `util-linux-2.32.1-42.el8_8.src.rpm`: a file name, which has no epoch. It is left open: the epoch of a source package
 * is not always that of its binary packages.
 */
function parseSourceRpm(file: string | undefined): { name: string; version: string } | undefined {
  if (file === undefined || !SOURCE_SUFFIX.test(file)) return undefined;
  const parts = file.replace(SOURCE_SUFFIX, '').split('-');
  const name = parts.slice(0, -2).join('-');
  return name === '' ? undefined : { name, version: parts.slice(-2).join('-') };
}

/**
 * `pkg:rpm/redhat/libuuid@2.32.1-42.el8_8?arch=x86_64&distro=rhel-8.8&upstream=util-linux-2.32.1-42.el8_8.src.rpm`.
 * An epoch is in the version, as everywhere here, and a qualifier too: other scanners look for either.
 */
function rpmPurl(name: string, version: string, header: RpmHeader, distribution: Distribution | undefined): string {
  const { architecture = '', epoch = 0, sourceRpm = '', modularityLabel = '' } = header;
  const release = distribution?.versionId === undefined ? '' : `-${distribution.versionId}`;
  const namespace = namespaceOf(distribution?.id);
  return formatPurl({
    type: 'rpm',
    ...(namespace !== undefined && { namespace }),
    name: name.toWellFormed(),
    version: version.toWellFormed(),
    qualifiers: {
      arch: architecture.toWellFormed(),
      distro: distribution === undefined ? '' : `${distribution.id}${release}`.toWellFormed(),
      epoch: epoch === 0 ? '' : String(epoch),
      rpmmod: modularityLabel.toWellFormed(),
      upstream: sourceRpm.toWellFormed(),
    },
  });
}

/** Vendors as purls name them: Red Hat's `ID` is `rhel`, and openSUSE has one for each of its lines. */
function namespaceOf(id: string | undefined): string | undefined {
  if (id === 'rhel') return 'redhat';
  return id?.startsWith('opensuse') ? 'opensuse' : id?.toWellFormed();
}
