import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** TruffleHog 3's records, a line each. The secret is not read, raw or redacted, and neither is whom it belongs to. */
export function parse(documents: Entry[], report: FindingCollector): void {
  for (const found of documents.flatMap((document) => document.each())) {
    const [place] = found.members('SourceMetadata', 'Data');
    const data = place?.[1];
    const verified = found.flag('Verified');
    const commit = data?.text('commit') ?? '';
    report.add({
      kind: 'secret',
      id: found.text('DetectorName'),
      entry: found,
      means: verified ? 'critical' : 'medium',
      title: `${found.text('DetectorName')} credential, ${verified ? 'verified to work' : 'not verified'}`,
      description: /^[0-9a-f]{7,64}$/.test(commit) ? `In commit ${commit}` : '',
      image: [data?.text('image') ?? ''],
      file: data?.text('file') ?? '',
      line: data?.number('line'),
      url: data?.text('link') ?? '',
      firstSeen: (data?.text('timestamp') ?? '').replace(/^(\S+ \S+ [+-]\d{4}).*$/, '$1'),
    });
  }
}
