import type { ReportImporter } from '../importer.ts';

/** Importers of what checks settings: of clusters, machines, images, manifests and Dockerfiles. */
export const checkImporters: readonly ReportImporter[] = [
  {
    name: 'kube-bench',
    tool: 'kube-bench',
    format: 'json',
    detect: (head) =>
      head.has('Controls[].node_type') ||
      head.has('[].node_type', '[].tests[].section') ||
      head.has('node_type', 'tests[].section'),
    load: () => import('../kube-bench/kube-bench.ts'),
  },
  {
    name: 'kubescape',
    tool: 'Kubescape',
    format: 'json',
    detect: (head) =>
      head.has('summaryDetails') &&
      head.some(
        (path) => path === 'customerGUID' || path === 'clusterAPIServerInfo' || path.startsWith('results[].controls'),
      ),
    load: () => import('../kubescape/kubescape.ts'),
  },
  {
    name: 'checkov',
    tool: 'Checkov',
    format: 'json',
    detect: (head) =>
      head.has('check_type', 'results') ||
      head.has('[].check_type', '[].results') ||
      head.has('checkov_version', 'failed'),
    load: () => import('../checkov/checkov.ts'),
  },
  {
    name: 'neuvector-compliance',
    tool: 'NeuVector',
    format: 'json',
    detect: (head) => head.has('items[].test_number', 'items[].level'),
    load: () => import('../neuvector-compliance/neuvector-compliance.ts'),
  },
  {
    name: 'hadolint',
    tool: 'hadolint',
    format: 'json',
    detect: (head) =>
      head.has('[].code', '[].level', '[].file', '[].line') && /^(?:DL|SC)\d/.test(head.value('[].code')),
    load: () => import('../hadolint/hadolint.ts'),
  },
  {
    name: 'dockle',
    tool: 'Dockle',
    format: 'json',
    detect: (head) => head.has('summary.fatal', 'summary.warn', 'summary.skip', 'details'),
    load: () => import('../dockle/dockle.ts'),
  },
  {
    name: 'docker-bench',
    tool: 'Docker Bench',
    format: 'json',
    detect: (head) => head.has('dockerbenchsecurity'),
    load: () => import('../docker-bench/docker-bench.ts'),
  },
  {
    name: 'kubeaudit',
    tool: 'kubeaudit',
    format: 'json',
    detect: (head) => head.has('AuditResultName', 'msg') || head.has('[].AuditResultName', '[].msg'),
    load: () => import('../kubeaudit/kubeaudit.ts'),
  },
  {
    name: 'kube-hunter',
    tool: 'kube-hunter',
    format: 'json',
    detect: (head) =>
      head.has('vulnerabilities[].vid', 'vulnerabilities[].hunter') ||
      head.has('nodes[]', 'services[].service', 'vulnerabilities[]'),
    load: () => import('../kube-hunter/kube-hunter.ts'),
  },
  {
    name: 'kube-linter',
    tool: 'KubeLinter',
    format: 'json',
    detect: (head) => head.has('Checks[].template', 'Checks[].remediation') || head.has('Reports[].Diagnostic'),
    load: () => import('../kube-linter/kube-linter.ts'),
  },
  {
    name: 'polaris',
    tool: 'Polaris',
    format: 'json',
    detect: (head) => head.has('PolarisOutputVersion'),
    load: () => import('../polaris/polaris.ts'),
  },
  {
    name: 'popeye',
    tool: 'Popeye',
    format: 'json',
    detect: (head) => head.has('popeye') && head.some((path) => /^popeye\.(?:sections|sanitizers|score)/.test(path)),
    load: () => import('../popeye/popeye.ts'),
  },
  {
    name: 'openscap',
    tool: 'OpenSCAP',
    format: 'xml',
    detect: (head) => head.root === 'Benchmark' || head.root === 'TestResult',
    load: () => import('../openscap/openscap.ts'),
  },
  {
    name: 'krakend-audit',
    tool: 'KrakenD',
    format: 'json',
    detect: (head) => head.has('recommendations[].rule', 'recommendations[].severity', 'stats'),
    load: () => import('../krakend-audit/krakend-audit.ts'),
  },
];
