/** Tags that hold signatures, attestations and bills of other images: `sha256-....sig`. */
const BESIDE = /^sha256-[0-9a-f]{64}(?:\.\w+)?$/;

/** Which tags of a repository are followed. */
export interface TagChoice {
  /** `v*`, `!` before those to leave out. Empty for all. */
  patterns: readonly string[];
  /** Only so many, by version the newest. */
  newest?: number | undefined;
}

/** The tags that are followed, newest version first. */
export function chooseTags(tags: readonly string[], { patterns, newest }: TagChoice): string[] {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  const unwanted = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const chosen = tags
    .filter((tag) => !BESIDE.test(tag))
    .filter((tag) => wanted.length === 0 || wanted.some((pattern) => matchesPattern(tag, pattern)))
    .filter((tag) => !unwanted.some((pattern) => matchesPattern(tag, pattern)))
    .sort(compareTags);
  return newest === undefined ? chosen : chosen.slice(0, newest);
}

/** The tags that patterns name outright; undefined where one of them is open, so that the registry must list its tags. */
export function exactTags({ patterns, newest }: TagChoice): string[] | undefined {
  const exact = patterns.length > 0 && newest === undefined && patterns.every((pattern) => !/[*?!]/.test(pattern));
  return exact ? [...patterns] : undefined;
}

/** Whether a tag fits a pattern with `*` and `?`; in time linear to the tag for each `*`, whatever the pattern. */
export function matchesPattern(tag: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (at < tag.length) {
    if (next < pattern.length && (pattern[next] === '?' || (pattern[next] === tag[at] && pattern[next] !== '*'))) {
      at++;
      next++;
    } else if (pattern[next] === '*') {
      star = next++;
      resume = at;
    } else if (star >= 0) {
      next = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[next] === '*') next++;
  return next === pattern.length;
}

/**
 * Newest version first: versions by their numbers (`1.10` before `1.9`), a release before its candidates
 * (`1.0` before `1.0-rc1`); names without a number (`latest`) come before all, for they follow the newest.
 */
export function compareTags(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  const named = Number(left.numbers.length > 0) - Number(right.numbers.length > 0);
  if (named !== 0) return named;
  for (let index = 0; index < Math.max(left.numbers.length, right.numbers.length); index++) {
    const difference = (right.numbers[index] ?? 0) - (left.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  const released = Number(left.rest !== '' && isBefore(left.rest)) - Number(right.rest !== '' && isBefore(right.rest));
  if (released !== 0) return released;
  if (left.rest !== right.rest) return byNumbers.compare(right.rest, left.rest);
  return a < b ? -1 : Number(a > b);
}

const byNumbers = new Intl.Collator('en', { numeric: true });
const isBefore = (rest: string) =>
  /^[.-]?(?:alpha|beta|rc|pre|preview|dev|snapshot|nightly|a|b|m)\b|^[.-]?(?:rc|alpha|beta)\d/i.test(rest);

/** `v1.2.3-rc1` is 1, 2, 3 and `-rc1`. */
function partsOf(tag: string): { numbers: number[]; rest: string } {
  const found = /^[vV]?(\d{1,12}(?:\.\d{1,12}){0,7})(.*)$/.exec(tag);
  if (found === null) return { numbers: [], rest: tag };
  return { numbers: (found[1] as string).split('.').map(Number), rest: found[2] ?? '' };
}
