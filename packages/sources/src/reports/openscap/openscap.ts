import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** What counts as not kept (XCCDF 1.2, 6.6.4.2); errors and checks left out are not decided. */
const FAILED = new Set(['fail', 'fixed']);
const UNDECIDED = new Set(['error', 'unknown', 'notchecked']);

/** XCCDF test results of OpenSCAP and others: each rule that a machine fails. */
export function parse([document]: Entry[], report: FindingCollector): void {
  const root = document?.has('Benchmark') ? document.at('Benchmark') : document;
  if (root === undefined) return;
  const rules = new Map(rulesOf(root).map((rule) => [rule.text('@id'), rule]));
  for (const test of root.each('TestResult')) {
    const facts = new Map(test.each('target-facts', 'fact').map((fact) => [fact.text('@name'), fact.text()]));
    report.toolVersion ||= facts.get('urn:xccdf:fact:scanner:version') ?? '';
    for (const result of test.each('rule-result')) {
      const outcome = result.text('result');
      if (UNDECIDED.has(outcome)) report.leftToPeople();
      if (!FAILED.has(outcome)) continue;
      const rule = rules.get(result.text('@idref'));
      const title = rule?.text('title') ?? '';
      report.add({
        kind: /^\w+SA-\d{4}:\d+/.test(title) ? 'vulnerability' : 'check',
        id: /^\w+SA-\d{4}:\d+/.exec(title)?.[0] ?? result.text('@idref'),
        entry: result,
        severity: result.text('@severity') || (rule?.text('@severity') ?? ''),
        title,
        description: rule?.text('description') ?? '',
        remediation: rule?.firstText('fixtext', 'fix') ?? '',
        status: outcome === 'fixed' ? 'mitigated' : 'open',
        identifiers: [...result.texts('ident'), ...(rule?.texts('ident') ?? [])],
        host: test.text('target'),
        lastSeen: result.text('@time') || test.text('@end-time'),
      });
    }
  }
}

/** The rules of a benchmark, those of its groups too; groups lie in groups. */
function rulesOf(root: Entry): Entry[] {
  const rules: Entry[] = [];
  const waiting = [root];
  for (let holder = waiting.pop(); holder !== undefined; holder = waiting.pop()) {
    for (const rule of holder.each('Rule')) rules.push(rule);
    for (const group of holder.each('Group')) waiting.push(group);
  }
  return rules;
}
