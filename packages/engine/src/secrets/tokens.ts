import { entropyOf } from './entropy.ts';
import type { Found } from './found.ts';
import { isPlaceholder } from './placeholders.ts';
import { cloudTokens } from './rules/clouds.ts';
import { developerTokens } from './rules/developers.ts';
import { serviceTokens } from './rules/services.ts';
import type { TokenRule } from './rules/token-rule.ts';

/** Every rule for secrets that show what they are. */
export const tokenRules: readonly TokenRule[] = [...cloudTokens, ...developerTokens, ...serviceTokens];

const byAnchor = new Map<string, TokenRule[]>();
for (const rule of tokenRules)
  for (const anchor of rule.anchors) byAnchor.set(anchor, [...(byAnchor.get(anchor) ?? []), rule]);

/** The longest anchor first, so that `sk-proj-` is not read as `sk-`. */
const anchors = new RegExp(
  [...byAnchor.keys()]
    .sort((a, b) => b.length - a.length)
    .map((anchor) => anchor.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))
    .join('|'),
  'g',
);

/** How far around a secret a word counts that says what it is. */
const CONTEXT = 200;

/** Secrets that show what they are by their own form. */
export function* tokensIn(text: string): Generator<Found> {
  anchors.lastIndex = 0;
  for (let hit = anchors.exec(text); hit !== null; hit = anchors.exec(text)) {
    const found = tokenAt(text, hit.index, hit[0]);
    if (found === undefined) anchors.lastIndex = hit.index + 1;
    else {
      yield found;
      anchors.lastIndex = Math.max(found.end, hit.index + 1);
    }
  }
}

function tokenAt(text: string, at: number, anchor: string): Found | undefined {
  for (const rule of byAnchor.get(anchor) ?? []) {
    const start = at - (rule.before?.length ?? 0);
    if (start < 0 || (rule.before?.open !== true && isInsideWord(text, start))) continue;
    if (rule.before !== undefined && !rule.before.form.test(text.slice(start, at))) continue;
    rule.body.lastIndex = at + anchor.length;
    const body = rule.body.exec(text);
    if (body === null) continue;
    const end = rule.body.lastIndex;
    if (goesOn(text, end, rule)) continue;
    const secret = text.slice(start, end);
    if (entropyOf(secret) < rule.entropy || /EXAMPLE$/.test(secret) || isFilledUp(secret)) continue;
    if (rule.context !== undefined && !rule.context.test(text.slice(Math.max(0, start - CONTEXT), end + CONTEXT)))
      continue;
    return { rule: rule.rule, start, end };
  }
  return undefined;
}

/** `ghp_xxxxxxxxxxxx`, `glpat-0000000`: the form of a secret with nothing in it. */
function isFilledUp(secret: string): boolean {
  return /(.)\1{9}/.test(secret) && isPlaceholder(secret);
}

function isInsideWord(text: string, start: number): boolean {
  return (
    start > 0 &&
    /[A-Za-z0-9_/+]/.test(text[start - 1]!) &&
    !/(?:\\[nrt]|%2[0F]|[=&?]|\/\/)$/i.test(text.slice(Math.max(0, start - 3), start))
  );
}

/**
 * A token ends where its characters end: what goes on is another, longer thing. A full stop may end a sentence, and a slash
 * a part of an address.
 */
function goesOn(text: string, end: number, { before }: TokenRule): boolean {
  const next = text[end];
  if (next === undefined) return false;
  if (next === '.') return /[\w-]/.test(text[end + 1] ?? '');
  return /[\w+~-]/.test(next) || (next === '/' && before?.open !== true);
}
