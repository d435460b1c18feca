/**
 * The spelling under which the index keeps a package: ecosystems that take several spellings for the same package are
 * brought to one (PEP 503 for PyPI; NuGet and Packagist ignore case).
 */
export function packageKey(ecosystem: string, name: string): string {
  switch (ecosystem) {
    case 'PyPI':
      return name.toLowerCase().replace(/[-_.]+/g, '-');
    case 'NuGet':
    case 'Packagist':
      return name.toLowerCase();
    default:
      return name;
  }
}

/** An OSV ecosystem without its release: rows under `Debian` hold for `Debian:12` too. */
export function ecosystemFamily(ecosystem: string): string {
  const colon = ecosystem.indexOf(':');
  return colon === -1 ? ecosystem : ecosystem.slice(0, colon);
}
