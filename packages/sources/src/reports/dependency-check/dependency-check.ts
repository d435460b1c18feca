import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** OWASP Dependency-Check's XML: each vulnerability of a dependency, those that a suppression file takes out too. */
export function parse([document]: Entry[], report: FindingCollector): void {
  const analysis = document?.at('analysis');
  if (analysis === undefined) return;
  report.toolVersion = analysis.text('scanInfo', 'engineVersion');
  const seen = analysis.text('projectInfo', 'reportDate');
  for (const dependency of analysis.each('dependencies', 'dependency')) {
    const found = dependency.at('vulnerabilities');
    for (const entry of found.each('vulnerability')) addVulnerability(entry, 'open', dependency, seen, report);
    for (const entry of found.each('suppressedVulnerability'))
      addVulnerability(entry, 'risk-accepted', dependency, seen, report);
  }
}

function addVulnerability(
  found: Entry,
  status: 'open' | 'risk-accepted',
  dependency: Entry,
  lastSeen: string,
  report: FindingCollector,
): void {
  const purl = purlOf(dependency);
  report.add({
    kind: 'vulnerability',
    id: found.text('name'),
    entry: found,
    severity: found.text('severity'),
    description: found.text('description'),
    status,
    identifiers: [...found.texts('cwes', 'cwe'), found.text('cwe')],
    component: { ...nameOf(purl, dependency.text('fileName')), purl, path: dependency.text('filePath') },
    score:
      found.number('cvssV4', 'baseScore') ?? found.number('cvssV3', 'baseScore') ?? found.number('cvssV2', 'score'),
    references: found.each('references', 'reference').map((reference) => reference.text('url')),
    lastSeen,
  });
}

function purlOf(dependency: Entry): string {
  const packages = [
    ...dependency.each('identifiers', 'package'),
    ...dependency.each('identifiers', 'identifiers', 'package'),
  ];
  return packages.map((each) => each.text('id')).find((id) => id.startsWith('pkg:')) ?? '';
}

/** `pkg:maven/org.dom4j/dom4j@2.1.1`: the name as its ecosystem spells it, and the version. */
function nameOf(purl: string, fileName: string): { name: string; version?: string; type?: string } {
  const [, type = '', path = '', version = ''] = /^pkg:([^/]+)\/([^?#@]+)(?:@([^?#]+))?/.exec(purl) ?? [];
  if (path === '') return { name: fileName };
  return { name: type === 'maven' ? path.replace('/', ':') : path.replace('%40', '@'), version, type };
}
