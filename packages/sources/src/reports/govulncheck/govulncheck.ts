import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** govulncheck's stream of messages: each vulnerability of a module, told once with the deepest trace that shows it. */
export function parse(documents: Entry[], report: FindingCollector): void {
  const messages = documents.flatMap((document) => document.each());
  const flaws = new Map<string, Entry>();
  const found = new Map<string, Entry[]>();
  for (const message of messages) {
    report.toolVersion ||= message.text('config', 'scanner_version');
    if (message.has('osv')) flaws.set(message.text('osv', 'id'), message.at('osv'));
    if (!message.has('finding')) continue;
    const key = `${message.text('finding', 'osv')} ${message.text('finding', 'trace', 'module')}`;
    const same = found.get(key);
    if (same === undefined) found.set(key, [message.at('finding')]);
    else same.push(message.at('finding'));
  }
  for (const findings of found.values()) {
    const called = findings.find((finding) => finding.text('trace', 'function') !== '') ?? findings[0]!;
    addFinding(called, flaws.get(called.text('osv')), findings.length, report);
  }
}

function addFinding(finding: Entry, flaw: Entry | undefined, occurrences: number, report: FindingCollector): void {
  const trace = finding.each('trace');
  const caller = trace.findLast((frame) => frame.has('position'));
  const name = trace[0]?.text('function') ?? '';
  report.add({
    kind: 'vulnerability',
    id: finding.text('osv'),
    entry: finding,
    title: flaw?.text('summary') ?? '',
    description: [
      name === '' ? 'The vulnerable code is not called.' : `The program calls ${trace[0]?.text('package')}.${name}.`,
      flaw?.text('details'),
    ].join('\n'),
    identifiers: flaw?.texts('aliases') ?? [],
    component: { name: trace[0]?.text('module') ?? '', version: trace[0]?.text('version') ?? '', type: 'golang' },
    file: caller?.text('position', 'filename') ?? '',
    line: caller?.number('position', 'line'),
    fixedVersions: [finding.text('fixed_version')],
    firstSeen: flaw?.text('published') ?? '',
    references: flaw?.each('references').map((reference) => reference.text('url')) ?? [],
    occurrences,
  });
}
