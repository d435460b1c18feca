import { Severity } from './advisory.ts';

/** Every severity, worst first; `unknown` last. */
export const SEVERITIES: readonly Severity[] = Severity.options;

/** Negative where `a` is worse than `b`: sorts worst first. */
export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

/** The worst of some; undefined where there is none. */
export function worstSeverity(severities: Iterable<Severity>): Severity | undefined {
  const found = new Set(severities);
  return SEVERITIES.find((severity) => found.has(severity));
}
