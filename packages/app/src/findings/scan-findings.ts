import type { Finding, Unknown } from '@breakwater/model';
import { reportFindings } from '../reports/report-findings.ts';
import type { Scan } from '../scan/judge-reading.ts';
import { policyFindings } from './policy-findings.ts';
import { vulnerabilityFindings } from './vulnerability-findings.ts';

/** The findings of a scan, for formats that list findings. What runs is not known to a scan of files alone. */
export function scanFindings({ report, images, reports }: Scan): Finding[] {
  const relevance = () => ({ matters: true, why: '' });
  const subjects = { workloads: new Set<string>(), images: new Set(images.map(({ image }) => image.id)) };
  const results = report.targets.flatMap((target) => target.policies);
  return [
    ...images.flatMap((judged) => vulnerabilityFindings(judged, relevance)),
    ...policyFindings(results, subjects, () => ''),
    ...reportFindings(reports),
  ];
}

/** Everything that a scan could not know: of the targets as a whole, and of each. */
export function scanUnknowns({ report }: Scan): Unknown[] {
  return [...report.unknowns, ...report.targets.flatMap((target) => target.unknowns)];
}
