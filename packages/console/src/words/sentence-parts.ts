/** A piece of a sentence: plain, to be stressed, or code. */
export interface SentencePart {
  kind: 'plain' | 'stress' | 'code';
  text: string;
}

/** What is stressed wherever it stands: ids of vulnerabilities, and the words that decide. */
const STRESSED =
  /`[^`]{1,200}`|\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[a-z0-9]{4}){3})\b|\bknown exploited\b|\bprivileged\b|\bcluster-admin\b|\bevery (?:secret|node|workload|pod)\b|\bcontainer runtime socket\b|\bcould not be (?:read|decided)\b/g;

/** Cuts a sentence of the server into parts, so that the eye finds the facts. Backticks mark code. */
export function sentenceParts(sentence: string): SentencePart[] {
  const parts: SentencePart[] = [];
  let end = 0;
  for (const match of sentence.matchAll(STRESSED)) {
    if (match.index > end) parts.push({ kind: 'plain', text: sentence.slice(end, match.index) });
    const isCode = match[0].startsWith('`');
    parts.push({ kind: isCode ? 'code' : 'stress', text: isCode ? match[0].slice(1, -1) : match[0] });
    end = match.index + match[0].length;
  }
  if (end < sentence.length) parts.push({ kind: 'plain', text: sentence.slice(end) });
  return parts;
}

/** A sentence without its subject where a heading already names it: `shop/cart is reachable` becomes `Is reachable`. */
export function withoutSubject(sentence: string, subjects: readonly string[]): string {
  const subject = subjects.find((name) => sentence.startsWith(`${name} `));
  const rest = subject === undefined ? sentence : sentence.slice(subject.length + 1);
  const bare = rest.replace(/^is (?=reachable|exposed|privileged)/, '');
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}
