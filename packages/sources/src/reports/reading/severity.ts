import type { Severity } from '@breakwater/model';

const WORDS: [severity: Severity, words: string[]][] = [
  ['critical', ['critical', 'fatal', 'blocker', 'defcon1', 'urgent']],
  ['high', ['high', 'important', 'error', 'danger', 'severe', 'serious']],
  ['medium', ['medium', 'moderate', 'warning', 'warn']],
  ['low', ['low', 'minor', 'negligible', 'note', 'notice', 'info', 'information', 'informational', 'style', 'trivial']],
];
const SEVERITIES: ReadonlyMap<string, Severity> = new Map(
  WORDS.flatMap(([severity, words]) => words.map((word) => [word, severity] as const)),
);

/** What a tool's own word for how bad it is means, else what the score says; `unknown` where neither says. */
export function severityOf(word: string, score: number | undefined): Severity {
  const known = SEVERITIES.get(word.toLowerCase());
  if (known !== undefined) return known;
  if (score === undefined || score <= 0) return 'unknown';
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}
