import type { FindingCollector, FindingDraft } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

const GROUP = 'aquasecurity.github.io/';
const LABEL = 'trivy-operator';

/** The resources of Trivy Operator, as `kubectl get -o json` gives them: one, a list, or all kinds by their names. */
export function parse(documents: Entry[], report: FindingCollector): void {
  for (const document of documents) {
    if (Array.isArray(document.value)) for (const item of document.each()) addResource(item, report);
    else if (document.has('kind') && !document.text('kind').endsWith('List')) addResource(document, report);
    else if (document.has('items')) for (const item of document.each('items')) addResource(item, report);
    else for (const [, list] of document.members()) for (const item of list.each()) addResource(item, report);
  }
}

function addResource(resource: Entry, report: FindingCollector): void {
  if (!resource.text('apiVersion').startsWith(GROUP)) {
    const name = `${resource.text('kind') || 'An entry'} ${resource.text('metadata', 'name')}`.trim();
    report.unknown(
      'report-part-unread',
      `${name} stands among the reports of Trivy Operator and was not judged`,
      resource,
    );
    return;
  }
  report.toolVersion ||= resource.text('report', 'scanner', 'version');
  const about = aboutOf(resource);
  const body = resource.at('report');
  for (const found of body.each('vulnerabilities')) addVulnerability(found, about, report);
  for (const found of body.each('checks')) if (!found.flag('success')) addCheck(found, about, report);
  for (const found of body.each('secrets'))
    report.add({
      ...about,
      kind: 'secret',
      id: found.text('ruleID'),
      entry: found,
      severity: found.text('severity'),
      title: found.text('title'),
      description: found.text('category'),
      file: found.text('target'),
    });
  if (resource.text('kind') === 'ClusterComplianceReport') addCompliance(resource, report);
}

type About = Pick<FindingDraft, 'image' | 'object' | 'lastSeen'>;

/** What a resource is about: the operator says so in its labels. */
function aboutOf(resource: Entry): About {
  const labels = resource.at('metadata', 'labels');
  const artifact = resource.at('report', 'artifact');
  const [server, repository, tag, digest] = [
    resource.text('report', 'registry', 'server'),
    artifact.text('repository'),
    artifact.text('tag'),
    artifact.text('digest'),
  ];
  return {
    object: {
      namespace: labels.text(`${LABEL}.resource.namespace`) || resource.text('metadata', 'namespace'),
      kind: labels.text(`${LABEL}.resource.kind`),
      name: labels.text(`${LABEL}.resource.name`),
      container: labels.text(`${LABEL}.container.name`),
    },
    image: repository === '' ? [] : [`${server && `${server}/`}${repository}${tag && `:${tag}`}`, digest],
    lastSeen: resource.text('report', 'updateTimestamp'),
  };
}

function addVulnerability(found: Entry, about: About, report: FindingCollector): void {
  report.add({
    ...about,
    kind: 'vulnerability',
    id: found.text('vulnerabilityID'),
    entry: found,
    severity: found.text('severity'),
    title: found.text('title'),
    description: found.text('description'),
    component: {
      name: found.text('resource'),
      version: found.text('installedVersion'),
      type: found.firstText('packageType', 'class'),
      purl: found.text('packagePURL'),
      path: found.text('packagePath'),
    },
    fixedVersions: found.text('fixedVersion').split(/, */),
    score: found.number('score'),
    references: [found.text('primaryLink'), ...found.texts('links')],
  });
}

function addCheck(found: Entry, about: About, report: FindingCollector): void {
  report.add({
    ...about,
    kind: 'check',
    id: found.text('checkID'),
    entry: found,
    severity: found.text('severity'),
    title: found.text('title'),
    description: [...found.texts('messages'), found.text('description')].join('\n'),
    remediation: found.text('remediation'),
  });
}

function addCompliance(resource: Entry, report: FindingCollector): void {
  const controls = new Map(
    resource.each('spec', 'compliance', 'controls').map((control) => [control.text('id'), control]),
  );
  for (const check of resource.each('status', 'summaryReport', 'controlCheck')) {
    const failed = check.number('totalFail');
    if (failed === undefined) report.leftToPeople();
    if (failed === undefined || failed <= 0) continue;
    const control = controls.get(check.text('id'));
    report.add({
      kind: 'check',
      id: `${resource.text('status', 'summaryReport', 'id') || resource.text('metadata', 'name')}-${check.text('id')}`,
      entry: check,
      severity: check.text('severity'),
      title: check.text('name'),
      description: control?.text('description') ?? '',
      identifiers: control?.each('checks').map((each) => each.text('id')) ?? [],
      occurrences: failed,
      lastSeen: resource.text('status', 'updateTimestamp'),
    });
  }
}
