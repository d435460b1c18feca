/** A pattern of CODEOWNERS, in segments; `**` stands for any number of them. */
export interface PathPattern {
  segments: readonly string[];
  /** What it matches may be a folder, with everything below. */
  coversBelow: boolean;
}

/** A longer pattern is no path anybody keeps. */
const MAX_SEGMENTS = 64;

/**
 * Reads a pattern as hosts of repositories do: `/docs/` is the folder at the root, `docs/` one anywhere, `docs/*` what is
 * directly in it, `*.yaml` files anywhere. Undefined for what is no pattern.
 */
export function parsePathPattern(text: string): PathPattern | undefined {
  const body = text.replace(/^\/+/, '').replace(/\/+$/, '');
  if (body === '') return text.startsWith('/') ? { segments: [], coversBelow: true } : undefined;
  const segments = body.split('/');
  if (segments.length > MAX_SEGMENTS) return undefined;
  const isAnchored = text.startsWith('/') || segments.length > 1;
  const last = segments.at(-1) ?? '';
  return {
    segments: isAnchored ? segments : ['**', ...segments],
    coversBelow: text.endsWith('/') || last === '**' || !(isAnchored && last.includes('*')),
  };
}

/** Whether a path, relative to the root of the repository and with `/` between names, is meant by a pattern. */
export function matchesPath({ segments, coversBelow }: PathPattern, path: string): boolean {
  const names = path.split('/');
  /* reached[i]: whether the segments so far match the first i names. */
  let reached = names.map((_, index) => index === 0).concat(names.length === 0);
  for (const segment of segments) {
    const next = reached.map(() => false);
    for (let index = 0; index <= names.length; index++) {
      if (segment === '**') next[index] = reached[index] === true || (index > 0 && next[index - 1] === true);
      else if (index > 0 && reached[index - 1]) next[index] = matchesName(segment, names[index - 1] ?? '');
    }
    reached = next;
  }
  return coversBelow ? reached.includes(true) : reached[names.length] === true;
}

/** `*` stands for any characters, `?` for one. Goes back to the last star alone, so that time stays in proportion. */
function matchesName(pattern: string, name: string): boolean {
  let [at, from] = [0, 0];
  let [star, mark] = [-1, 0];
  while (from < name.length) {
    if (pattern[at] === '*') {
      [star, mark] = [at, from];
      at++;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[from])) {
      at++;
      from++;
    } else if (star >= 0) {
      mark++;
      [at, from] = [star + 1, mark];
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
