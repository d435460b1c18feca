import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';
import { weaknessOf } from '../reading/identifiers.ts';

const RISKS = ['info', 'low', 'medium', 'high'];

/** ZAP's XML and JSON: each alert of a site with its instances. Requests, responses and evidence are not kept. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  const root = document.has('OWASPZAPReport') ? document.at('OWASPZAPReport') : document;
  report.toolVersion = root.firstText('@version');
  for (const site of root.each('site')) {
    const alerts = [
      ...site.each('alerts', 'alertitem'),
      ...(site.has('alerts', 'alertitem') ? [] : site.each('alerts')),
    ];
    for (const alert of alerts) if (alert.has('pluginid')) addAlert(alert, site, root, report);
  }
}

function addAlert(alert: Entry, site: Entry, root: Entry, report: FindingCollector): void {
  const instances = [...alert.each('instances', 'instance'), ...alert.each('instances')].filter((each) =>
    each.has('uri'),
  );
  const risk = alert.number('riskcode') ?? -1;
  report.add({
    kind: 'web',
    id: alert.firstText('alertRef', 'pluginid'),
    entry: alert,
    severity: RISKS[risk] ?? alert.text('riskdesc').replace(/ \(.*/, ''),
    title: alert.firstText('name', 'alert'),
    description: alert.text('desc'),
    remediation: alert.text('solution'),
    status:
      /false positive/i.test(alert.text('confidencedesc')) || alert.number('confidence') === 0
        ? 'false-positive'
        : 'open',
    identifiers: weaknessOf(alert.number('cweid')),
    url: instances[0]?.text('uri') || site.text('@name'),
    references: alert.text('reference').match(/https?:\/\/[^\s<>"]{1,500}/g) ?? [],
    occurrences: Math.max(instances.length, alert.number('count') ?? 0),
    lastSeen: root.text('@generated'),
  });
}
