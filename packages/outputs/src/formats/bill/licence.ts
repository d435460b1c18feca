import parseExpression from 'spdx-expression-parse';

const LONGEST = 1024;

/** What a text says of a licence: an id of SPDX's list, an expression of such ids, or a name that only people know. */
export type LicenceKind = 'id' | 'expression' | 'name';

/** Tells which of these a text is; https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/. */
export function licenceKind(text: string): LicenceKind {
  // What another document calls LicenseRef-1 means nothing in ours.
  if (text.length > LONGEST || /\b(?:License|Document)Ref-/.test(text)) return 'name';
  try {
    const parsed = parseExpression(text);
    return 'license' in parsed && parsed.license === text ? 'id' : 'expression';
  } catch {
    return 'name';
  }
}
