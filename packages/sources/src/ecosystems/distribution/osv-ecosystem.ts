type Spelling = (version: string, longTerm: boolean) => string;

const major = (version: string): string => version.split('.')[0]!;
const twoParts = (version: string): string => version.split('.').slice(0, 2).join('.');

/** Distributions with advisories in OSV, by `ID` of os-release; https://ossf.github.io/osv-schema/#defined-ecosystems. */
const SPELLINGS = new Map<string, Spelling>([
  ['almalinux', (version) => `AlmaLinux:${major(version)}`],
  ['alpine', (version) => `Alpine:v${twoParts(version)}`],
  ['azurelinux', (version) => `Azure Linux:${major(version)}`],
  ['debian', (version) => `Debian:${major(version)}`],
  ['mageia', (version) => `Mageia:${major(version)}`],
  ['mariner', (version) => `Azure Linux:${major(version)}`],
  ['openeuler', (version) => `openEuler:${version}`],
  ['opensuse', (version) => `openSUSE:Leap ${twoParts(version)}`],
  ['opensuse-leap', (version) => `openSUSE:Leap ${twoParts(version)}`],
  ['photon', (version) => `Photon OS:${twoParts(version)}`],
  ['rhel', (version) => `Red Hat:enterprise_linux:${major(version)}`],
  ['rocky', (version) => `Rocky Linux:${major(version)}`],
  ['sles', (version) => `SUSE:Linux Enterprise Server ${servicePack(version)}`],
  ['ubuntu', (version, longTerm) => `Ubuntu:${version}${longTerm ? ':LTS' : ''}`],
]);

/** Rolling releases: one stream of advisories. */
const ROLLING = new Map([
  ['chainguard', 'Chainguard'],
  ['echo', 'Echo'],
  ['minimos', 'MinimOS'],
  ['opensuse-tumbleweed', 'openSUSE:Tumbleweed'],
  ['wolfi', 'Wolfi'],
]);

/** `Debian:12`, `Alpine:v3.10`; undefined where OSV has no advisories for it, or the release is not stated. */
export function osvEcosystem(id: string, version: string | undefined, longTerm = false): string | undefined {
  const rolling = ROLLING.get(id);
  if (rolling !== undefined) return rolling;
  return version === undefined || !/^\d/.test(version) ? undefined : SPELLINGS.get(id)?.(version, longTerm);
}

/** `15.3` is written `15 SP3`. */
function servicePack(version: string): string {
  const [release, pack] = version.split('.');
  return pack === undefined || pack === '0' ? release! : `${release} SP${pack}`;
}
