const OSV = 'https://osv-vulnerabilities.storage.googleapis.com';

/** Ecosystems of OSV that `db update` takes when nobody says otherwise. */
const ECOSYSTEMS = [
  'Debian',
  'Alpine',
  'Ubuntu',
  'AlmaLinux',
  'Rocky Linux',
  'Red Hat',
  'Wolfi',
  'Chainguard',
  'npm',
  'PyPI',
  'Go',
  'crates.io',
  'Maven',
  'RubyGems',
  'Packagist',
  'NuGet',
  'Hex',
  'Pub',
  'SwiftURL',
  'Hackage',
  'CRAN',
  'Julia',
  'Bitnami',
];

/**
 * Public addresses that an update reads: OSV's bucket (one zip an ecosystem), the CISA catalogue of known exploited
 * vulnerabilities, and EPSS. The one place where they stand; each can be replaced by naming other sources.
 */
export const DEFAULT_FEEDS: readonly string[] = [
  ...ECOSYSTEMS.map((name) => `${OSV}/${encodeURIComponent(name)}/all.zip`),
  'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json',
  'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz',
];
