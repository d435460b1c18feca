import { z } from 'zod';
import { Severity } from './advisory.ts';
import { Place, Unknown } from './place.ts';

/** What sort of thing another tool reports. `check`: a setting or a rule of a benchmark that is not kept. */
export const ReportedKind = z.enum(['vulnerability', 'check', 'secret', 'licence', 'malware', 'code', 'web']);
export type ReportedKind = z.infer<typeof ReportedKind>;

/** What the tool, or somebody in it, says has become of a finding. It never settles a finding of ours. */
export const ReportedStatus = z.enum(['open', 'mitigated', 'false-positive', 'risk-accepted']);
export type ReportedStatus = z.infer<typeof ReportedStatus>;

/** One finding of another tool, in terms that do not depend on the tool. Secrets themselves are never kept. */
export const ReportedFinding = z.object({
  kind: ReportedKind,
  /** Vulnerability or rule as the tool names it: `CVE-2019-14697`, `KSV014`, `generic-api-key`. */
  id: z.string(),
  /** Other ids of the same flaw, CVEs and GHSAs first. */
  aliases: z.array(z.string()),
  /** `CWE-79`. */
  weaknesses: z.array(z.string()),
  severity: Severity,
  /** In the tool's own word, where it has one. */
  givenSeverity: z.string().optional(),
  title: z.string(),
  /** Text, whatever markup the tool wrote; at most 4,000 characters. */
  description: z.string(),
  remediation: z.string().optional(),
  status: ReportedStatus,
  image: z.object({ reference: z.string().optional(), digest: z.string().optional() }).optional(),
  component: z
    .object({
      name: z.string(),
      version: z.string().optional(),
      /** In the tool's word: `deb`, `npm`, `os-pkgs`. */
      type: z.string().optional(),
      purl: z.string().optional(),
      path: z.string().optional(),
    })
    .optional(),
  /** A file of what the tool looked at. */
  file: z.string().optional(),
  /** One-based. */
  line: z.number().int().positive().optional(),
  url: z.string().optional(),
  /** A machine, where neither image nor cluster is named. */
  host: z.string().optional(),
  /** The object of a cluster that it is about. */
  object: z
    .object({
      cluster: z.string().optional(),
      namespace: z.string().optional(),
      kind: z.string(),
      name: z.string(),
      container: z.string().optional(),
    })
    .optional(),
  fixedVersions: z.array(z.string()),
  /** CVSS vector, the newest version that the tool gives. */
  cvss: z.string().optional(),
  /** CVSS base score, 0 to 10. */
  score: z.number().min(0).max(10).optional(),
  /** ISO 8601. */
  firstSeen: z.string().optional(),
  /** ISO 8601. */
  lastSeen: z.string().optional(),
  references: z.array(z.string()),
  /** In how many places of its subject, where the tool tells them together. */
  occurrences: z.number().int().positive(),
  place: Place,
});
export type ReportedFinding = z.infer<typeof ReportedFinding>;

/** One report of another tool as it was read. */
export const ReportRead = z.object({
  /** As given, or as found below what was given. */
  source: z.string(),
  /** Name of the importer that read it: `trivy`, `sarif`. */
  importer: z.string(),
  /** The tool as it calls itself: `Trivy`. */
  tool: z.string(),
  toolVersion: z.string().optional(),
  findings: z.array(ReportedFinding),
  unknowns: z.array(Unknown),
});
export type ReportRead = z.infer<typeof ReportRead>;
