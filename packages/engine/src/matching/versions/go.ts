import { compareSemanticVersions, parseSemanticVersion } from './semver.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * Go's order: SemVer for modules (pseudo-versions and `+incompatible` included), and the releases of Go itself, which
 * are written `go1.22rc1` and whose pre-releases stand without a hyphen.
 */
export const goOrder: VersionOrder<NonNullable<ReturnType<typeof parseSemanticVersion>>> = {
  ecosystems: ['Go'],
  parse: (version) =>
    parseSemanticVersion(
      version
        .trim()
        .replace(/^(?:go)?([0-9]+(?:\.[0-9]+)+)(beta|rc)([0-9]+)$/, '$1-$2.$3')
        .replace(/^go(?=[0-9])/, ''),
    ),
  compare: compareSemanticVersions,
};
