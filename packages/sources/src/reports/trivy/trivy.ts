import type { FindingCollector, FindingDraft } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Trivy's JSON: of an image or a folder, of a cluster, and the list that versions before 0.20 wrote. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  report.toolVersion = document.text('Trivy', 'Version');
  const cluster = document.text('ClusterName');
  if (cluster === '' && !document.has('Resources')) {
    const seen = document.text('CreatedAt');
    const about = { image: imageOf(document), ...(seen && { lastSeen: seen }) };
    for (const result of Array.isArray(document.value) ? document.each() : document.each('Results'))
      addResult(result, about, report);
    return;
  }
  for (const part of ['Vulnerabilities', 'Misconfigurations', 'Resources', 'Findings']) {
    for (const resource of document.each(part)) {
      const object = {
        cluster,
        namespace: resource.text('Namespace'),
        kind: resource.text('Kind'),
        name: resource.text('Name'),
      };
      const image = imageOf(resource);
      for (const result of resource.each('Results')) {
        const target = result.text('Class') === 'os-pkgs' ? [result.text('Target').replace(/ \([^()]*\)$/, '')] : [];
        addResult(result, { object, image: [...image, ...target] }, report);
      }
    }
  }
}

type About = Pick<FindingDraft, 'image' | 'object' | 'lastSeen'>;

function imageOf(document: Entry): string[] {
  if (!/image/.test(document.text('ArtifactType') || (document.has('Metadata', 'ImageID') ? 'image' : ''))) return [];
  const digests = document.texts('Metadata', 'RepoDigests');
  return [
    document.text('ArtifactName'),
    ...document.texts('Metadata', 'RepoTags'),
    document.text('Metadata', 'ImageID'),
    ...digests,
  ];
}

function addResult(result: Entry, about: About, report: FindingCollector): void {
  const target = result.text('Target');
  for (const found of result.each('Vulnerabilities')) addVulnerability(found, result, about, report);
  for (const found of result.each('Misconfigurations')) {
    if (found.text('Status') === 'PASS') continue;
    report.add({
      ...about,
      kind: 'check',
      id: found.firstText('ID', 'AVDID'),
      entry: found,
      severity: found.text('Severity'),
      title: found.text('Title'),
      description: [found.text('Message'), found.text('Description')].join('\n').trim(),
      remediation: found.text('Resolution'),
      status: found.text('Status') === 'EXCEPTION' ? 'risk-accepted' : 'open',
      identifiers: [found.text('AVDID')],
      file: about.object ? '' : target,
      line: found.number('CauseMetadata', 'StartLine'),
      references: [found.text('PrimaryURL'), ...found.texts('References')],
    });
  }
  for (const found of result.each('Secrets'))
    report.add({
      ...about,
      kind: 'secret',
      id: found.text('RuleID'),
      entry: found,
      severity: found.text('Severity'),
      title: found.text('Title'),
      description: found.text('Category'),
      file: target,
      line: found.number('StartLine'),
    });
  for (const found of result.each('Licenses'))
    report.add({
      ...about,
      kind: 'licence',
      id: found.text('Name'),
      entry: found,
      severity: found.text('Severity'),
      title: `Licence ${found.text('Name')} (${found.text('Category')})`,
      component: { name: found.text('PkgName') },
      file: found.text('FilePath'),
      references: [found.text('Link')],
    });
}

function addVulnerability(found: Entry, result: Entry, about: About, report: FindingCollector): void {
  const rating = ratingOf(found);
  report.add({
    ...about,
    kind: 'vulnerability',
    id: found.text('VulnerabilityID'),
    entry: found,
    severity: found.text('Severity'),
    title: found.text('Title'),
    description: found.text('Description'),
    status: found.text('Status') === 'not_affected' ? 'false-positive' : 'open',
    identifiers: [...found.texts('CweIDs'), ...found.texts('VendorIDs')],
    component: {
      name: found.text('PkgName'),
      version: found.text('InstalledVersion'),
      type: result.text('Type'),
      purl: found.text('PkgIdentifier', 'PURL'),
      path: found.text('PkgPath') || (result.text('Class') === 'lang-pkgs' ? result.text('Target') : ''),
    },
    fixedVersions: found.text('FixedVersion').split(/, */),
    ...rating,
    references: [found.text('PrimaryURL'), ...found.texts('References')],
  });
}

/** The rating of the source that Trivy took its severity from, else of the NVD, else of the first. */
function ratingOf(found: Entry): Pick<FindingDraft, 'cvss' | 'score'> {
  const ratings = found.at('CVSS');
  const sources = [found.text('SeveritySource'), 'nvd', ...ratings.members().map(([name]) => name)];
  for (const source of sources) {
    for (const version of ['V40', 'V3', 'V2']) {
      const vector = ratings.text(source, `${version}Vector`);
      if (vector !== '') return { cvss: vector, score: ratings.number(source, `${version}Score`) };
    }
  }
  return {};
}
