/**
 * Whether a text is what a pattern with `*` (any characters) and `?` (one character) stands for. Takes time in
 * proportion to both lengths at worst, whatever the pattern: only the last `*` is ever tried again.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let inPattern = 0;
  let inText = 0;
  let star = -1;
  let resume = 0;
  while (inText < text.length) {
    const character = pattern[inPattern];
    if (character === '*') {
      star = inPattern++;
      resume = inText;
    } else if (character === '?' || (character !== undefined && character === text[inText])) {
      inPattern++;
      inText++;
    } else if (star >= 0) {
      inPattern = star + 1;
      inText = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
}

/** Whether it stands for more than itself. */
export const hasWildcard = (pattern: string): boolean => /[*?]/.test(pattern);
