/** Spellings of ecosystems without releases that sources use beside OSV's own. */
const SPELLINGS = new Map(
  [
    'Bioconductor Bitnami Chainguard CleanStart ConanCenter CRAN crates.io Echo GHC Go Hackage Hex Julia Maven MinimOS npm',
    'NuGet NVD opam Packagist Pub PyPI RubyGems SwiftURL VSCode Wolfi',
  ]
    .join(' ')
    .split(' ')
    .map((name) => [name.toLowerCase(), name]),
);
for (const [other, name] of [
  ['cargo', 'crates.io'],
  ['composer', 'Packagist'],
  ['conan', 'ConanCenter'],
  ['gem', 'RubyGems'],
  ['golang', 'Go'],
  ['pip', 'PyPI'],
  ['swift', 'SwiftURL'],
] as const) {
  SPELLINGS.set(other, name);
}

/** Distributions whose releases are a whole number, whatever follows it. */
const MAJOR =
  /^(AlmaLinux|Rocky ?Linux|Debian|Mageia|Azure Linux|CBL-Mariner|Alpaquita|BellSoft Hardened Containers):v?([0-9]+)(?:\.[0-9].*)?$/i;
const DEBIAN_NAMES = ['buster', 'bullseye', 'bookworm', 'trixie', 'forky'];
const FIRST_DEBIAN_NAMED = 10;

/**
 * The one spelling under which the index keeps an OSV ecosystem. Sources write a release with and without its edition
 * (`Ubuntu:22.04:LTS`), name each product of a vendor that takes its packages from the same stream (`Red
 * Hat:enterprise_linux:9::appstream`, `SUSE:Linux Enterprise Module for Basesystem 15 SP5`), or prefix it (`Root:`).
 */
export function canonicalEcosystem(name: string): string {
  const text = name.trim().replace(/^Root:(?=.)/, '');
  const plain = SPELLINGS.get(text.toLowerCase());
  if (plain !== undefined) return plain;
  const family = ecosystemFamily(text).toLowerCase();
  // A Maven or R repository of its own is still asked by the same names.
  if (family !== text.toLowerCase() && SPELLINGS.has(family)) return SPELLINGS.get(family)!;
  const major = MAJOR.exec(text);
  if (major !== null)
    return `${DISTRIBUTIONS.get(major[1]!.toLowerCase().replace(/ /g, ''))}:${debianRelease(text, major[2]!)}`;
  switch (family) {
    case 'debian':
      return debianByName(text);
    case 'alpine':
      return text.replace(/^alpine:v?([0-9]+\.[0-9]+)(?:\..*)?$/i, 'Alpine:v$1');
    case 'ubuntu':
      return text.replace(/:LTS(?=$|:)/gi, '');
    case 'photon':
    case 'photon os':
      return text.replace(
        /^photon(?: os)?:([0-9]+(?:\.[0-9]+)?).*$/i,
        (_, release) => `Photon OS:${twoParts(release)}`,
      );
    case 'red hat':
      return redHatProduct(text);
    case 'suse':
      return suseProduct(text);
    default:
      return text;
  }
}

/**
 * The canonical ecosystems whose rows may hold for packages of one: its own, the distribution as a whole, and the
 * channels that are sold beside it. Rows of a channel mend what the release itself leaves open (see `isChannel`).
 */
export function askedEcosystems(name: string): string[] {
  const own = canonicalEcosystem(name);
  const family = ecosystemFamily(own);
  const asked = family === own ? [own] : [own, family];
  if (own.startsWith('Ubuntu:') && !own.startsWith('Ubuntu:Pro')) asked.push(own.replace('Ubuntu:', 'Ubuntu:Pro:'));
  return asked;
}

/** An OSV ecosystem without its release: rows under `Debian` hold for `Debian:12` too. */
export function ecosystemFamily(ecosystem: string): string {
  const colon = ecosystem.indexOf(':');
  return colon === -1 ? ecosystem : ecosystem.slice(0, colon);
}

const DISTRIBUTIONS = new Map([
  ['almalinux', 'AlmaLinux'],
  ['rockylinux', 'Rocky Linux'],
  ['debian', 'Debian'],
  ['mageia', 'Mageia'],
  ['azurelinux', 'Azure Linux'],
  ['cbl-mariner', 'Azure Linux'],
  ['alpaquita', 'Alpaquita'],
  ['bellsofthardenedcontainers', 'BellSoft Hardened Containers'],
]);

/** Releases of Debian before 4 had two numbers. */
function debianRelease(text: string, major: string): string {
  return /^debian:[0-3]\.[0-9]/i.test(text) ? text.slice('debian:'.length) : major;
}

function debianByName(text: string): string {
  const index = DEBIAN_NAMES.indexOf(text.slice('debian:'.length).toLowerCase());
  return index === -1 ? text.replace(/^debian/i, 'Debian') : `Debian:${FIRST_DEBIAN_NAMED + index}`;
}

function twoParts(release: string): string {
  return release.includes('.') ? release : `${release}.0`;
}

/** What follows the product and its release in a CPE names a repository; RHEL itself has one stream a major release. */
function redHatProduct(text: string): string {
  const [product = '', release = ''] = text.replace(/^red hat:(?:cpe:)?(?:\/[aoh]:)?(?:redhat:)?/i, '').split(':');
  if (product === '' || release === '') return text;
  return `Red Hat:${product}:${product === 'enterprise_linux' ? release.split('.')[0] : release}`;
}

/** Server, Desktop, their modules and extensions are one distribution, whose packages have one version a service pack. */
function suseProduct(text: string): string {
  if (/Micro\b|Manager|Storage|OpenStack|CaaS|Container|Edge/i.test(text)) return text;
  const release = /\s([0-9]+)(?:[ .-]?SP([0-9]+)|\.([0-9]+))?(?:[- ][A-Z][A-Za-z-]*)?$/.exec(text);
  if (release === null) return text;
  const [, major, pack, minor] = release;
  if (pack !== undefined && pack !== '0') return `SUSE:Linux Enterprise ${major} SP${pack}`;
  return `SUSE:Linux Enterprise ${major}${minor === undefined ? '' : `.${minor}`}`;
}
