import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** `npm audit --json` of npm 7 and later: each package that is affected, by itself or by what it depends on. */
export function parse([document]: Entry[], report: FindingCollector): void {
  for (const [name, found] of document?.members('vulnerabilities') ?? []) {
    const advisories = found.each('via').filter((via) => via.has('url') || via.has('title'));
    const through = found.texts('via');
    const fix = found.at('fixAvailable');
    const [first] = advisories;
    report.add({
      kind: 'vulnerability',
      id:
        /GHSA-[\w-]{10,20}$/.exec(first?.text('url') ?? '')?.[0] ??
        (first?.text('source') || `affected-by-${through[0] ?? 'a dependency'}`),
      entry: found,
      severity: found.text('severity'),
      title: first?.text('title') || `${name} depends on vulnerable versions of ${through.join(', ')}`,
      description: advisories.map((advisory) => `${advisory.text('title')}: ${advisory.text('url')}`).join('\n'),
      remediation:
        fix.text('name') === ''
          ? ''
          : `Upgrade ${fix.text('name')} to ${fix.text('version')}${fix.flag('isSemVerMajor') ? ' (a major version)' : ''}`,
      identifiers: advisories.flatMap((advisory) => [advisory.text('url'), ...advisory.texts('cwe')]),
      component: { name, version: found.text('range'), type: 'npm', path: found.text('nodes') },
      cvss: first?.text('cvss', 'vectorString') ?? '',
      score: first?.number('cvss', 'score') || undefined,
      references: advisories.map((advisory) => advisory.text('url')),
    });
  }
}
