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
/** Names that Trivy gives where os-release has another. */
const IDS = new Map([
  ['redhat', 'rhel'],
  ['alma', 'almalinux'],
  ['oracle', 'ol'],
  ['suse linux enterprise server', 'sles'],
]);

/** A distribution by the name and version that an SBOM gives it. */
export function distributionOf(name: string, version: string): Distribution | undefined {
  const id = IDS.get(name.toLowerCase()) ?? name.toLowerCase();
  if (!/^[a-z0-9._-]{1,64}$/.test(id)) return undefined;
  const versionId = CODE_NAMES.get(version) ?? version;
  const release = id === 'ubuntu' ? versionId.split('.').slice(0, 2).join('.') : versionId;
  const longTerm = id === 'ubuntu' && LONG_TERM.test(release);
  const ecosystem = osvEcosystem(id, release === '' ? undefined : release, longTerm);
  return {
    id,
    ...(versionId !== '' && { versionId }),
    ...(CODE_NAMES.has(version) && { codename: version }),
    name: `${name} ${version}`.trim(),
    ...(ecosystem && { ecosystem }),
  };
}

/** The distribution that a package's purl names: `distro=debian-12`, `distro=3.16.0`, `distro=bookworm`. */
export function distributionOfPurl({ namespace, qualifiers }: Purl): Distribution | undefined {
  const distro = qualifiers['distro']?.toLowerCase();
  if (!distro) return undefined;
  const match = QUALIFIER.exec(distro);
  if (match) return distributionOf(match[1] ?? namespace ?? '', match[2] ?? '');
  return CODE_NAMES.has(distro) ? distributionOf(namespace ?? '', distro) : distributionOf(distro, '');
}
