import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Nosey Parker's findings, a line each: every place of every secret. What matched and what stands around it are not read. */
export function parse(documents: Entry[], report: FindingCollector): void {
  for (const found of documents.flatMap((document) => document.each())) {
    const rule = found.firstText('rule_text_id', 'rule_name');
    const status = found.text('status') || found.text('statuses');
    for (const match of found.each('matches')) {
      const sources = match.each('provenance');
      const commit = sources
        .map((source) =>
          source.at('commit_provenance').has() ? source.at('commit_provenance') : source.at('first_commit'),
        )
        .find((source) => source.has());
      report.add({
        kind: 'secret',
        id: rule,
        entry: match,
        title: found.text('rule_name'),
        description: /^[0-9a-f]{7,64}$/.test(commit?.text('commit_metadata', 'commit_id') ?? '')
          ? `In commit ${commit?.text('commit_metadata', 'commit_id')}`
          : '',
        status: status === 'reject' ? 'false-positive' : 'open',
        file: sources.map((source) => source.text('path')).find(Boolean) ?? commit?.text('blob_path') ?? '',
        line: match.number('location', 'source_span', 'start', 'line'),
      });
    }
  }
}
