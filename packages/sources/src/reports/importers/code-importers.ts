import type { ReportImporter } from '../importer.ts';

/** Importers of what looks at code, secrets and web sites. */
export const codeImporters: readonly ReportImporter[] = [
  {
    name: 'gitleaks',
    tool: 'Gitleaks',
    format: 'json',
    detect: (head) =>
      head.has('[].RuleID', '[].Secret') ||
      head.has('[].RuleID', '[].StartLine', '[].File') ||
      head.has('[].offender', '[].rule', '[].commit'),
    load: () => import('../gitleaks/gitleaks.ts'),
  },
  {
    name: 'semgrep',
    tool: 'Semgrep',
    format: 'json',
    detect: (head) =>
      head.has('results[].check_id', 'results[].extra') ||
      head.has('results[]', 'errors[]', 'version', 'paths.scanned'),
    load: () => import('../semgrep/semgrep.ts'),
  },
  {
    name: 'zap',
    tool: 'ZAP',
    format: 'xml',
    detect: (head) => head.root === 'OWASPZAPReport',
    load: () => import('../zap/zap.ts'),
  },
  {
    name: 'zap-json',
    tool: 'ZAP',
    format: 'json',
    detect: (head) =>
      head.has('site[].alerts[].pluginid') || (/ZAP/.test(head.value('@programName')) && head.has('site[]')),
    load: () => import('../zap/zap.ts'),
  },
  {
    name: 'nuclei',
    tool: 'Nuclei',
    format: 'json',
    detect: (head) =>
      ['', '[].'].some(
        (at) =>
          head.has(`${at}info.severity`, `${at}type`) &&
          head.some((path) => path === `${at}template-id` || path === `${at}templateID`),
      ),
    load: () => import('../nuclei/nuclei.ts'),
  },
  {
    name: 'trufflehog',
    tool: 'TruffleHog',
    format: 'json',
    detect: (head) => ['', '[].'].some((at) => head.has(`${at}SourceMetadata`, `${at}DetectorName`)),
    load: () => import('../trufflehog/trufflehog.ts'),
  },
  {
    name: 'nosey-parker',
    tool: 'Nosey Parker',
    format: 'json',
    detect: (head) => ['', '[].'].some((at) => head.has(`${at}rule_name`, `${at}matches[].provenance`)),
    load: () => import('../nosey-parker/nosey-parker.ts'),
  },
  {
    name: 'detect-secrets',
    tool: 'detect-secrets',
    format: 'json',
    detect: (head) => head.has('plugins_used', 'version'),
    load: () => import('../detect-secrets/detect-secrets.ts'),
  },
  {
    name: 'burp',
    tool: 'Burp Suite',
    format: 'json',
    detect: (head) => head.has('issue_events') && head.has('task_id'),
    load: () => import('../burp/burp.ts'),
  },
  {
    name: 'wapiti',
    tool: 'Wapiti',
    format: 'xml',
    detect: (head) => head.root === 'report' && head.text.includes('>wapiti<'),
    load: () => import('../wapiti/wapiti.ts'),
  },
  {
    name: 'stackhawk',
    tool: 'StackHawk',
    format: 'json',
    detect: (head) => head.has('service', 'scanCompleted'),
    load: () => import('../stackhawk/stackhawk.ts'),
  },
  {
    name: 'bandit',
    tool: 'Bandit',
    format: 'json',
    detect: (head) => head.has('results[].test_id', 'results[].issue_text') || head.has('metrics._totals', 'results'),
    load: () => import('../bandit/bandit.ts'),
  },
];
