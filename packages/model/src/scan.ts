import { z } from 'zod';
import { AdvisoryStatus } from './advisory.ts';
import { Image } from './image.ts';
import { Unknown } from './place.ts';
import { PolicyResult, Verdict } from './policy.ts';
import { SCHEMA_VERSION } from './ranking.ts';
import { ReportedFinding, ReportRead } from './report.ts';
import { ComponentEvidence, SettledVulnerability, VulnerabilityMatch } from './vulnerability.ts';

/** What ran of an image, or of an earlier one of its name, as far as events told. */
export const ScannedRuntime = z.object({
  /** `digest`: this very image. `reference`: one of the same name and tag. `release`: another of the same repository. */
  by: z.enum(['digest', 'reference', 'release']),
  /** First and last event, ISO 8601. */
  from: z.string(),
  until: z.string(),
  /** Whether what was not seen did not run. */
  isComplete: z.boolean(),
  /** What is missing, where something is. */
  note: z.string().optional(),
  /** Of components with vulnerabilities, by id. */
  components: z.record(z.string(), ComponentEvidence),
});
export type ScannedRuntime = z.infer<typeof ScannedRuntime>;

/** One thing that was scanned: an image (or what stands for one), or the manifests below a path. */
export const ScannedTarget = z.object({
  /** As given, or as found below what was given. */
  target: z.string(),
  kind: z.enum(['image', 'manifests']),
  /** What the build gate says. */
  verdict: Verdict,
  image: Image.omit({ components: true, unknowns: true }).optional(),
  /** Components of the image, or objects of the manifests. */
  items: z.number().int(),
  /** Absent where no events were given, or none of the image. */
  runtime: ScannedRuntime.optional(),
  vulnerabilities: z.array(VulnerabilityMatch),
  /** Vulnerabilities that VEX documents in force settle: not counted among the others. */
  settled: z.array(SettledVulnerability).optional(),
  /** Policies that failed or could not be decided. */
  policies: z.array(PolicyResult),
  unknowns: z.array(Unknown),
});
export type ScannedTarget = z.infer<typeof ScannedTarget>;

/** A report of another tool that lay among the targets. No verdict hangs on it; its unknowns are among the scan's. */
export const ScannedReport = ReportRead.omit({ unknowns: true, findings: true }).extend({
  /** `foundHere`: we found it too, and list it where it is ours. */
  findings: z.array(ReportedFinding.extend({ foundHere: z.boolean() })),
  /** How many of its findings we found too: the matches say so in `reportedBy`. */
  joined: z.number().int().nonnegative(),
});
export type ScannedReport = z.infer<typeof ScannedReport>;

/** What `breakwater scan --output json` prints. */
export const ScanReport = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  /** ISO 8601. */
  time: z.string(),
  /** The worst of its targets: fail before unknown before pass. */
  verdict: Verdict,
  targets: z.array(ScannedTarget),
  /** Absent where there is none. */
  reports: z.array(ScannedReport).optional(),
  unknowns: z.array(Unknown),
  advisories: AdvisoryStatus,
});
export type ScanReport = z.infer<typeof ScanReport>;
