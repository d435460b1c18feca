import type { Finding } from '@breakwater/model';
import { policyFindings } from '../findings/policy-findings.ts';
import { vulnerabilityFindings } from '../findings/vulnerability-findings.ts';
import type { Scan } from './scan-targets.ts';

/** The findings of a scan, for formats that list findings. What runs is not known to a scan of files alone. */
export function scanFindings(scan: Scan): Finding[] {
  const relevance = () => ({ matters: true, why: '' });
  const vulnerabilities = scan.images.flatMap(({ image, matches }) =>
    vulnerabilityFindings({ image, matches, evidence: new Map(), relevance }),
  );
  const results = scan.report.targets.flatMap((target) => target.policies);
  return [...vulnerabilities, ...policyFindings(results, new Set(), () => '')];
}
