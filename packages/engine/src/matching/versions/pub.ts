import { compareIdentifierLists, compareSemanticVersions, parseSemanticVersion } from './semver.ts';
import type { VersionOrder } from './version-order.ts';

interface PubVersion {
  version: NonNullable<ReturnType<typeof parseSemanticVersion>>;
  build: string[];
}

/** Dart's order (package `pub_semver`): SemVer, except that build metadata counts and comes after none. */
export const pubOrder: VersionOrder<PubVersion> = {
  ecosystems: ['Pub'],

  parse(text) {
    const version = parseSemanticVersion(text);
    const plus = text.indexOf('+');
    return (
      version && {
        version,
        build:
          plus === -1
            ? []
            : text
                .trim()
                .slice(plus + 1)
                .split('.'),
      }
    );
  },

  compare(a, b) {
    return compareSemanticVersions(a.version, b.version) || compareIdentifierLists(a.build, b.build);
  },
};
