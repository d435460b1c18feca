import type { Distribution } from '@breakwater/model';
import type { Purl } from '@breakwater/model/purl';
import { osvEcosystem } from '../../ecosystems/distribution/osv-ecosystem.ts';

/** Releases by the code names that older purls give. */
const CODE_NAMES = new Map([
  ['jessie', '8'],
  ['stretch', '9'],
  ['buster', '10'],
  ['bullseye', '11'],
  ['bookworm', '12'],
  ['trixie', '13'],
  ['bionic', '18.04'],
  ['focal', '20.04'],
  ['jammy', '22.04'],
  ['noble', '24.04'],
]);
/** Ubuntu's April releases of even years are supported for long. */
const LONG_TERM = /^\d?[02468]\.04$/;
const QUALIFIER = /^(?:([a-z][a-z0-9_.-]{0,60}?)-)?(\d[\w.]{0,30})$/;
/** Names that Trivy, or people, give where os-release has another. */
const IDS = new Map([
  ['alma', 'almalinux'],
  ['alpine linux', 'alpine'],
  ['amazon', 'amzn'],
  ['amazon linux', 'amzn'],
  ['azure', 'azurelinux'],
  ['cbl-mariner', 'mariner'],
  ['centos linux', 'centos'],
  ['centos stream', 'centos'],
  ['debian gnu/linux', 'debian'],
  ['fedora linux', 'fedora'],
  ['opensuse.leap', 'opensuse-leap'],
  ['opensuse leap', 'opensuse-leap'],
  ['opensuse.tumbleweed', 'opensuse-tumbleweed'],
  ['opensuse tumbleweed', 'opensuse-tumbleweed'],
  ['oracle', 'ol'],
  ['oracle linux server', 'ol'],
  ['red hat enterprise linux', 'rhel'],
  ['red hat enterprise linux server', 'rhel'],
  ['redhat', 'rhel'],
  ['rocky linux', 'rocky'],
  ['suse linux enterprise micro', 'sle-micro'],
  ['suse linux enterprise server', 'sles'],
]);
/** Kinds of package by distribution, for packages of which a document says no more than that they are of one. */
const PACKAGE_TYPES = new Map([
  ...['alpine', 'wolfi', 'chainguard', 'minimos', 'alpaquita'].map((id) => [id, 'apk'] as const),
  ...['debian', 'ubuntu'].map((id) => [id, 'deb'] as const),
  ...['almalinux', 'amzn', 'azurelinux', 'centos', 'fedora', 'mariner', 'ol', 'photon', 'rhel', 'rocky', 'sles'].map(
    (id) => [id, 'rpm'] as const,
  ),
]);

/** A distribution by the name and version that an SBOM gives it; undefined where the name can be none. */
export function distributionOf(name: string, version: string, title = `${name} ${version}`): Distribution | undefined {
  const id = IDS.get(name.toLowerCase()) ?? name.toLowerCase();
  if (!/^[a-z0-9._-]{1,64}$/.test(id)) return undefined;
  const [stated = ''] = version.split(' ', 1);
  const versionId = CODE_NAMES.get(stated) ?? stated;
  const release = id === 'ubuntu' ? versionId.split('.').slice(0, 2).join('.') : versionId;
  const longTerm = id === 'ubuntu' && LONG_TERM.test(release);
  const judgedAs = isRebuild(id, `${name} ${title}`, versionId) ? 'rhel' : id;
  const ecosystem = osvEcosystem(judgedAs, release === '' ? undefined : release, longTerm);
  return {
    id,
    ...(versionId !== '' && { versionId }),
    ...(CODE_NAMES.has(stated) && { codename: stated }),
    name: title.trim(),
    ...(ecosystem && { ecosystem }),
  };
}

/**
 * CentOS to 8 and Scientific Linux are Red Hat's packages built again, so that what Red Hat says holds for them; CentOS
 * Stream, the only one from 9 on, is ahead of Red Hat.
 */
function isRebuild(id: string, names: string, versionId: string): boolean {
  if (id === 'scientific') return true;
  return id === 'centos' && !/\bStream\b/i.test(names) && Number.parseInt(versionId, 10) < 9;
}

/** The distribution that a package's purl names: `distro=debian-12`, `distro=3.16.0`, `distro=bookworm`. */
export function distributionOfPurl({ namespace, qualifiers }: Purl): Distribution | undefined {
  const distro = qualifiers['distro']?.toLowerCase();
  if (!distro) return undefined;
  const match = QUALIFIER.exec(distro);
  if (match) return distributionOf(match[1] ?? namespace ?? '', match[2] ?? '');
  return CODE_NAMES.has(distro) ? distributionOf(namespace ?? '', distro) : distributionOf(distro, '');
}

/** The kind of package that a distribution has; undefined for those that are not known. */
export function packageTypeOf(distribution: Distribution | undefined): 'apk' | 'deb' | 'rpm' | undefined {
  return distribution && PACKAGE_TYPES.get(distribution.id);
}
