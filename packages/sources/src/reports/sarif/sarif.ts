import type { FindingCollector, FindingDraft } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** SARIF 2.1.0 of any tool: a finding for each location of each result that did not pass. Code that it quotes is not kept. */
export function parse([document]: Entry[], report: FindingCollector): void {
  const runs = document?.each('runs') ?? [];
  const tools = new Set(runs.map((run) => run.text('tool', 'driver', 'name')));
  report.tool = [...tools].filter(Boolean).slice(0, MOST_TOOLS).join(', ') || report.tool;
  for (const run of runs) {
    const driver = run.at('tool', 'driver');
    if (runs.length === 1) report.toolVersion = driver.firstText('semanticVersion', 'version');
    const rules = [driver, ...run.each('tool', 'extensions')].map((component) => component.each('rules'));
    const byId = new Map((rules.flat() as Entry[]).toReversed().map((rule) => [rule.text('id'), rule]));
    for (const result of run.each('results')) {
      if (PASSED.has(result.text('kind'))) continue;
      addResult(result, ruleOf(result, byId, rules), run, report);
    }
  }
}

/** Named of those that wrote one log together. */
const MOST_TOOLS = 5;

/** Kinds of results that report nothing wrong (3.27.9). */
const PASSED = new Set(['pass', 'notApplicable', 'informational']);

/** The rule by its index in its component, else by its id (3.52.3). */
function ruleOf(result: Entry, byId: Map<string, Entry>, rules: Entry[][]): Entry | undefined {
  const index = result.number('rule', 'index') ?? result.number('ruleIndex');
  const component = result.number('rule', 'toolComponent', 'index');
  const id = result.text('ruleId') || result.text('rule', 'id');
  const indexed = index === undefined ? undefined : rules[component === undefined ? 0 : component + 1]?.[index];
  if (indexed && (id === '' || id.startsWith(indexed.text('id')))) return indexed;
  return byId.get(id);
}

function addResult(result: Entry, rule: Entry | undefined, run: Entry, report: FindingCollector): void {
  const message = messageOf(result, rule);
  const id = result.text('ruleId') || result.text('rule', 'id') || rule?.text('id') || message.slice(0, 100);
  const properties = [result.at('properties'), rule?.at('properties')];
  const score = properties.flatMap((bag) => bag?.number('security-severity') ?? []).at(0);
  const draft: FindingDraft = {
    kind: kindOf(id, rule, report.tool),
    id,
    entry: result,
    severity: result.text('level') || rule?.text('defaultConfiguration', 'level') || 'warning',
    title: rule?.text('shortDescription', 'text') || rule?.text('name') || message,
    description: [message, rule?.text('fullDescription', 'text')]
      .filter((text, at, all) => text && all.indexOf(text) === at)
      .join('\n'),
    remediation: rule?.text('help', 'text') ?? '',
    status: statusOf(result),
    identifiers: [
      ...properties.flatMap((bag) =>
        [bag?.text('cwe'), bag?.text('cve'), ...(bag?.texts('tags') ?? [])].map((text) => text ?? ''),
      ),
      ...result
        .each('taxa')
        .map((taxon) =>
          /^cwe$/i.test(taxon.text('toolComponent', 'name')) ? `CWE-${taxon.text('id').replace(/^CWE-/i, '')}` : '',
        ),
    ].flatMap((text) => text.match(/\b(?:CWE|CVE|GHSA)-[\w-]+/gi) ?? []),
    score,
    ...(score !== undefined && score > 0 && { means: '' }),
    references: [rule?.text('helpUri') ?? '', ...properties.map((bag) => bag?.text('reference') ?? '')],
    lastSeen: run.text('invocations', 'endTimeUtc'),
  };
  const locations = result.each('locations');
  if (locations.length === 0) report.add(draft);
  for (const location of locations) report.add({ ...draft, entry: location, ...placeOf(location, run) });
}

function messageOf(result: Entry, rule: Entry | undefined): string {
  const own = result.text('message', 'text');
  if (own !== '') return own;
  const template = rule?.text('messageStrings', result.text('message', 'id'), 'text') ?? '';
  const values = result.texts('message', 'arguments');
  return template.replace(/\{(\d{1,3})\}/g, (whole, index) => values[Number(index)] ?? whole);
}

function placeOf(location: Entry, run: Entry): Partial<FindingDraft> {
  const physical = location.at('physicalLocation');
  const index = physical.number('artifactLocation', 'index');
  const listed = index === undefined ? '' : run.item(index, 'artifacts').text('location', 'uri');
  return {
    file: pathOf(
      physical.text('artifactLocation', 'uri') || listed || location.text('logicalLocations', 'fullyQualifiedName'),
    ),
    line: physical.number('region', 'startLine'),
  };
}

function pathOf(uri: string): string {
  const path = uri.replace(/^file:\/+(?=[A-Za-z]:)/, '').replace(/^file:\/+/, '/');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Suppressed where no suppression is under review or refused (3.27.23). */
function statusOf(result: Entry): FindingDraft['status'] {
  const states = result
    .each('suppressions')
    .map((suppression) => suppression.firstText('status', 'state') || 'accepted');
  if (result.text('baselineState') === 'absent') return 'mitigated';
  return states.length > 0 && states.every((state) => state === 'accepted') ? 'risk-accepted' : 'open';
}

function kindOf(id: string, rule: Entry | undefined, tool: string): FindingDraft['kind'] {
  const tags = rule?.texts('properties', 'tags') ?? [];
  if (/^(?:CVE|GHSA)-/i.test(id) || tags.includes('vulnerability')) return 'vulnerability';
  if (/gitleaks|trufflehog|detect-secrets|noseyparker/i.test(tool) || tags.includes('secret')) return 'secret';
  if (/trivy|checkov|kics|terrascan|kubescape|dockle|hadolint|kube-linter/i.test(tool)) return 'check';
  return 'code';
}
