type Spelling = (version: string, longTerm: boolean) => string;

const major = (version: string): string => version.split('.')[0]!;
const twoParts = (version: string): string => version.split('.').slice(0, 2).join('.');
/** A product of SUSE whose releases have service packs: `Linux Enterprise Server 15 SP3`. */
const suse =
  (product: string): Spelling =>
  (version) =>
    `SUSE:Linux Enterprise ${product} ${servicePack(version)}`;

/** Distributions with advisories in OSV, by `ID` of os-release; https://ossf.github.io/osv-schema/#defined-ecosystems. */
const SPELLINGS = new Map<string, Spelling>([
  ['almalinux', (version) => `AlmaLinux:${major(version)}`],
  ['alpaquita', (version) => `Alpaquita:${major(version)}`],
  ['alpine', (version) => `Alpine:v${twoParts(version)}`],
  ['azurelinux', (version) => `Azure Linux:${major(version)}`],
  ['bellsoft-hardened-containers', (version) => `BellSoft Hardened Containers:${major(version)}`],
  ['debian', (version) => `Debian:${major(version)}`],
  ['mageia', (version) => `Mageia:${major(version)}`],
  ['mariner', (version) => `Azure Linux:${major(version)}`],
  ['openeuler', (version) => `openEuler:${version}`],
  ['opensuse', (version) => `openSUSE:Leap ${twoParts(version)}`],
  ['opensuse-leap', (version) => `openSUSE:Leap ${twoParts(version)}`],
  ['opensuse-leap-micro', (version) => `openSUSE:Leap Micro ${twoParts(version)}`],
  ['photon', (version) => `Photon OS:${twoParts(version)}`],
  ['rhel', (version) => `Red Hat:enterprise_linux:${major(version)}`],
  ['rocky', (version) => `Rocky Linux:${major(version)}`],
  ['sl-micro', (version) => `SUSE:Linux Micro ${twoParts(version)}`],
  ['sle-micro', (version) => `SUSE:Linux Enterprise Micro ${twoParts(version)}`],
  ['sle-micro-rancher', (version) => `SUSE:Linux Enterprise Micro for Rancher ${twoParts(version)}`],
  ['sle_hpc', suse('High Performance Computing')],
  ['sled', suse('Desktop')],
  ['sles', suse('Server')],
  ['sles_sap', suse('Server for SAP Applications')],
  ['suse-microos', (version) => `SUSE:Linux Enterprise Micro ${twoParts(version)}`],
  ['ubuntu', (version, longTerm) => `Ubuntu:${version}${longTerm ? ':LTS' : ''}`],
]);

/** Rolling releases: one stream of advisories, whatever `VERSION_ID` says. */
const ROLLING = new Map([
  ['chainguard', 'Chainguard'],
  ['cleanstart', 'CleanStart'],
  ['echo', 'Echo'],
  ['minimos', 'MinimOS'],
  ['opensuse-tumbleweed', 'openSUSE:Tumbleweed'],
  ['wolfi', 'Wolfi'],
]);

/** Releases with a name in the place of a number. */
const NAMED_RELEASES = new Set(['alpaquita stream', 'bellsoft-hardened-containers stream']);

/**
 * `Debian:12`, `Alpine:v3.10`; undefined where OSV has no advisories for it, or the release is not stated. openEuler's
 * version has its edition: `22.03-LTS-SP3`.
 */
export function osvEcosystem(id: string, version: string | undefined, longTerm = false): string | undefined {
  const rolling = ROLLING.get(id);
  if (rolling !== undefined) return rolling;
  const isRelease = version !== undefined && (/^\d/.test(version) || NAMED_RELEASES.has(`${id} ${version}`));
  return isRelease ? SPELLINGS.get(id)?.(version, longTerm) : undefined;
}

/** `15.3` is written `15 SP3`, and `15.0` is `15`; from 16 on there are no service packs: `16.0`. */
function servicePack(version: string): string {
  const [release, pack] = version.split('.');
  if (Number(release) >= 16) return twoParts(version);
  return pack === undefined || pack === '0' ? release! : `${release} SP${pack}`;
}
