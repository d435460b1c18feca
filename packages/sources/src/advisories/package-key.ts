/**
 * The spelling under which the index keeps a package: ecosystems that take several spellings for the same package are
 * brought to one (PEP 503 for PyPI; NuGet, Packagist, Hex and Pub ignore case; Swift packages are addresses). `family`
 * is the ecosystem without its release.
 */
export function packageKey(family: string, name: string): string {
  switch (family) {
    case 'PyPI':
      return name.toLowerCase().replace(/[-_.]+/g, '-');
    case 'NuGet':
    case 'Packagist':
    case 'Hex':
    case 'Pub':
    case 'Bitnami':
    case 'NVD':
      return name.toLowerCase();
    case 'SwiftURL':
      return name
        .toLowerCase()
        .replace(/^[a-z]+:\/\//, '')
        .replace(/(?:\.git)?\/*$/, '');
    default:
      return name;
  }
}
