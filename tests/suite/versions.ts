import { compareVersions } from '@breakwater/engine/matching';
import type { Suite } from './suite.ts';

/** The suite's names of ecosystems, as OSV calls them. */
const ECOSYSTEMS: Record<string, string> = {
  alpine: 'Alpine',
  cran: 'CRAN',
  debian: 'Debian',
  hackage: 'Hackage',
  maven: 'Maven',
  nuget: 'NuGet',
  packagist: 'Packagist',
  pub: 'Pub',
  pypi: 'PyPI',
  rpm: 'AlmaLinux',
  rubygems: 'RubyGems',
  semver: 'npm',
};

const SIGNS = { '-1': '<', '0': '=', '1': '>' } as const;

/** Order of package versions. Lines from rpm itself are bare versions: they are set between an epoch and a release. */
export const versionsSuite: Suite = {
  name: 'versions',
  reads: ['ecosystem', 'a', 'b', 'origin'],
  answer({ ecosystem, origin, ...versions }) {
    const { a, b } = origin === 'rpmvercmp' ? { a: `0:${versions['a']}-1`, b: `0:${versions['b']}-1` } : versions;
    if (typeof ecosystem !== 'string' || typeof a !== 'string' || typeof b !== 'string') {
      return { unsupported: 'the case has no ecosystem and two versions' };
    }
    const name = Object.hasOwn(ECOSYSTEMS, ecosystem) ? ECOSYSTEMS[ecosystem] : undefined;
    if (name === undefined) return { unsupported: `the ecosystem ${ecosystem} is not known` };
    const ab = compareVersions(name, a, b);
    const ba = compareVersions(name, b, a);
    if (ab === undefined || ba === undefined) return { unsupported: `${name} cannot compare these versions` };
    return { answer: { ab: SIGNS[ab], ba: SIGNS[ba] } };
  },
};
