import { compareSemanticVersions, parseSemanticVersion } from './semver.ts';
import type { VersionOrder } from './version-order.ts';

/** NuGet's order: SemVer with a fourth number, where case does not count. */
export const nugetOrder: VersionOrder<NonNullable<ReturnType<typeof parseSemanticVersion>>> = {
  ecosystems: ['NuGet'],
  parse: (version) => parseSemanticVersion(version.toLowerCase()),
  compare: compareSemanticVersions,
};
