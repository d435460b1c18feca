import { type Finding, type Severity, worstSeverity } from '@breakwater/model';

/** A `reportingDescriptor`. */
export interface SarifRule {
  id: string;
  [field: string]: unknown;
}

/** Score out of 10 by which GitHub orders: above 9 critical, 7 high, 4 medium. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  unknown: '0.0',
};
const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'note', unknown: 'warning' } as const;

/** How bad a finding is in SARIF's three words. */
export function levelOf(severity: Severity): 'error' | 'warning' | 'note' {
  return LEVELS[severity];
}

/** One descriptor for each rule that has a result, in the order of ids. */
export function sarifRules(findings: readonly Finding[]): SarifRule[] {
  return [...Map.groupBy(findings, ({ rule }) => rule)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, group]) => ruleOf(id, group));
}

function ruleOf(id: string, group: readonly Finding[]): SarifRule {
  const worst = worstSeverity(group.map(({ severity }) => severity)) ?? 'unknown';
  const kinds = [...new Set(group.map(({ kind }) => kind))].sort();
  const [first] = [...group].sort((a, b) => (a.key < b.key ? -1 : 1));
  const title = first?.title || id;
  const isCve = /^CVE-\d{4}-\d{4,}$/.test(id);
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: title },
    ...(isCve && { helpUri: `https://nvd.nist.gov/vuln/detail/${id}` }),
    help: { text: first?.fix || title },
    defaultConfiguration: { level: levelOf(worst) },
    properties: { tags: ['security', ...kinds], 'security-severity': SECURITY_SEVERITY[worst] },
  };
}
