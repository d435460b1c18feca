import { compareDigits, compareText, isDigits } from './digits.ts';
import { compareLegacyVersions, parseLegacyVersion } from './pypi-legacy.ts';
import { LONGEST_VERSION, type VersionOrder } from './version-order.ts';

interface PythonVersion {
  epoch: string;
  release: string[];
  /** Rank of the phase: development release of the version itself, a, b, rc, final. */
  phase: number;
  phaseNumber: string;
  post: string | undefined;
  dev: string | undefined;
  local: string[];
}

const PATTERN =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;
const PHASES: Record<string, number> = { alpha: 1, a: 1, beta: 2, b: 2, preview: 3, pre: 3, c: 3, rc: 3 };
const FINAL = 4;

/** PEP 440, section "Summary of permitted suffixes and relative ordering"; older versions are lists of parts. */
export const pypiOrder: VersionOrder<PythonVersion | string[]> = {
  ecosystems: ['PyPI'],

  parse(version) {
    const text = version.trim().toLowerCase();
    if (text.length > LONGEST_VERSION) return undefined;
    const match = PATTERN.exec(text);
    if (match === null) return parseLegacyVersion(text);
    const [, epoch = '0', release = '', pre, preNumber, bare, postWord, postNumber, devWord, devNumber, local] = match;
    const post = bare ?? (postWord === undefined ? undefined : postNumber || '0');
    const dev = devWord === undefined ? undefined : devNumber || '0';
    // A development release of a version comes before the pre-releases of that version.
    const phase = pre === undefined ? (dev !== undefined && post === undefined ? 0 : FINAL) : (PHASES[pre] ?? FINAL);
    return {
      epoch,
      release: withoutTrailingZeros(release.split('.')),
      phase,
      phaseNumber: preNumber || '0',
      post,
      dev,
      local: local === undefined ? [] : local.split(/[-_.]/),
    };
  },

  compare(a, b) {
    if (Array.isArray(a)) return Array.isArray(b) ? compareLegacyVersions(a, b) : -1;
    if (Array.isArray(b)) return 1;
    return (
      compareDigits(a.epoch, b.epoch) ||
      compareReleases(a.release, b.release) ||
      a.phase - b.phase ||
      compareDigits(a.phaseNumber, b.phaseNumber) ||
      compareOptional(a.post, b.post, -1) ||
      compareOptional(a.dev, b.dev, 1) ||
      compareLocal(a.local, b.local)
    );
  },
};

function withoutTrailingZeros(release: string[]): string[] {
  let end = release.length;
  while (end > 1 && compareDigits(release[end - 1]!, '0') === 0) end--;
  return release.slice(0, end);
}

function compareReleases(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = compareDigits(a[index] ?? '0', b[index] ?? '0');
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `absent` says on which side of every number the absence of one stands. */
function compareOptional(a: string | undefined, b: string | undefined, absent: -1 | 1): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? absent : -absent;
  return compareDigits(a, b);
}

function compareLocal(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [left, right] = [a[index]!, b[index]!];
    const numbers = Number(isDigits(left)) - Number(isDigits(right));
    const difference = numbers || (isDigits(left) ? compareDigits(left, right) : compareText(left, right));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
