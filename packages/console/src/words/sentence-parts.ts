/** A piece of a sentence: plain, to be stressed, or code. */
export interface SentencePart {
  kind: 'plain' | 'stress' | 'code' | 'time';
  text: string;
}

/** What is marked wherever it stands: ids of vulnerabilities, the words that decide, moments, and code in backticks. */
const MARKED =
  /`[^`]{1,200}`|\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z|\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[a-z0-9]{4}){3})\b|\bknown exploited\b|(?<![\w-])privileged(?![\w-])|\bcluster-admin\b|\bevery (?:secret|node|workload|pod)\b|\bcontainer runtime socket\b|\bcould not be (?:read|decided)\b/g;

/** Cuts a sentence of the server into parts, so that the eye finds the facts. Backticks mark code. */
export function sentenceParts(sentence: string): SentencePart[] {
  const parts: SentencePart[] = [];
  let end = 0;
  for (const match of sentence.matchAll(MARKED)) {
    if (match.index > end) parts.push({ kind: 'plain', text: sentence.slice(end, match.index) });
    parts.push(markedPart(match[0]));
    end = match.index + match[0].length;
  }
  if (end < sentence.length) parts.push({ kind: 'plain', text: sentence.slice(end) });
  return parts;
}

function markedPart(text: string): SentencePart {
  if (text.startsWith('`')) return { kind: 'code', text: text.slice(1, -1) };
  return { kind: /^\d/.test(text) ? 'time' : 'stress', text };
}

/** With a capital at its beginning, as a cell or a field shows it. */
export const asSentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** A sentence without its subject where a heading already names it: `shop/cart is reachable` becomes `Is reachable`. */
export function withoutSubject(sentence: string, subjects: readonly string[]): string {
  const subject = subjects.find((name) => sentence.startsWith(`${name} `));
  const rest = subject === undefined ? sentence : sentence.slice(subject.length + 1);
  const bare = rest.replace(/^is (?=reachable|exposed|privileged)/, '');
  return asSentence(bare);
}
