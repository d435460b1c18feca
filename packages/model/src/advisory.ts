import { z } from 'zod';

/** How bad, in the field's words. `unknown` where no source says. */
export const Severity = z.enum(['critical', 'high', 'medium', 'low', 'unknown']);
export type Severity = z.infer<typeof Severity>;

/** The bands of CVSS 3 and 4 for a base score of 0 to 10. A score of 0 counts as the least there is. */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}

/** One OSV range: events in order of their versions. */
export const AdvisoryRange = z.object({
  type: z.enum(['SEMVER', 'ECOSYSTEM', 'GIT']),
  /**
   * Release tag of the builds it speaks of (`el9_2`): these are judged by it alone, all others by the ranges of the
   * row without a tag.
   */
  branch: z.string().optional(),
  events: z.array(
    z.object({
      introduced: z.string().optional(),
      fixed: z.string().optional(),
      lastAffected: z.string().optional(),
      limit: z.string().optional(),
    }),
  ),
});
export type AdvisoryRange = z.infer<typeof AdvisoryRange>;

/** What one advisory says about one package: the row that the index keeps and matching judges. */
export const AdvisoryRow = z.object({
  /** Id of the advisory: `DSA-5417-1`, `GHSA-...`. */
  id: z.string(),
  /** OSV ecosystem with release: `Debian:12`, `npm`. */
  ecosystem: z.string(),
  package: z.string(),
  /** CVEs of the advisory, from its id, `aliases`, `related` and `upstream`. May be empty. */
  cves: z.array(z.string()),
  /** Every id under which the same flaw is known, its own included. */
  aliases: z.array(z.string()),
  ranges: z.array(AdvisoryRange),
  /** Exact versions listed as affected. */
  versions: z.array(z.string()),
  withdrawn: z.boolean(),
  summary: z.string(),
  severity: Severity,
  /** CVSS vector, the newest version the advisory gives. */
  cvss: z.string().optional(),
  /** Base score of that vector (or the one the source states), 0 to 10. */
  score: z.number().min(0).max(10).optional(),
  /** What it is when it is no vulnerability: `unmaintained`, `notice`, `bug-fix`, `enhancement`, `regression`. */
  informational: z.string().optional(),
  /** Which packages the name is one of, where the source says so; either kind otherwise. */
  names: z.enum(['source', 'binary']).optional(),
  /** True when `versions` are those that the source tried: another version is then unknown, not safe. */
  partial: z.boolean().optional(),
  /** Versions that the source calls not affected, by a statement of their own (VEX) or beside a range. */
  unaffected: z.array(z.string()).optional(),
  /** True where the source speaks for those who built the package: a version that it finds safe is, whoever differs. */
  settles: z.boolean().optional(),
  /**
   * True where the source tells only in which versions the flaws that others report are mended: an older version is
   * affected when they say so.
   */
  onlyFixes: z.boolean().optional(),
  /** `name:stream` of the rpm module whose packages are meant; empty: those of none. Absent: the source does not say. */
  module: z.string().optional(),
  /** Architecture whose builds are meant, as the package format spells it; absent where all are. */
  architecture: z.string().optional(),
  /** Packages of a Go module with their functions that the flaw is in: a program without any of them is not affected. */
  imports: z.array(z.object({ path: z.string(), symbols: z.array(z.string()) })).optional(),
  /** File or feed it came from. */
  source: z.string(),
  /** How the source itself rates its mapping; `low` where it guesses. */
  confidence: z.enum(['high', 'low']),
  modified: z.string().optional(),
});
export type AdvisoryRow = z.infer<typeof AdvisoryRow>;

/** What is known about attackers using a CVE. */
export const Exploitation = z.object({
  /** Date on which CISA listed it, ISO 8601; absent when it is not in the catalogue. */
  knownExploitedSince: z.string().optional(),
  ransomware: z.boolean().default(false),
  /** EPSS probability of use within 30 days, 0 to 1. */
  epss: z.number().min(0).max(1).optional(),
  epssPercentile: z.number().min(0).max(1).optional(),
});
export type Exploitation = z.infer<typeof Exploitation>;

/** How bad one CVE is, from any source that scores it: most distributions publish no score of their own. */
export interface Rating {
  cvss?: string;
  /** Base score, 0 to 10. */
  score: number;
  /** Id of the advisory that says so. */
  advisory: string;
}

/** Lookups that matching needs, as data: the engine does no I/O. */
export interface AdvisoryLookup {
  /** Every row for a package of an ecosystem. */
  rows(ecosystem: string, packageName: string): AdvisoryRow[];
  /** Whether any advisory of this ecosystem (with release) is known: without one nothing can be called clean. */
  covers(ecosystem: string): boolean;
  exploitation(cve: string): Exploitation;
  /** The score of a CVE in any source, for rows that carry none. */
  rating?(cve: string): Rating | undefined;
}

/** State of the advisory index, for `db status`, notes and the console. */
export const AdvisoryStatus = z.object({
  imported: z.boolean(),
  /** When the import ended, ISO 8601. */
  importedAt: z.string().optional(),
  /** Newest `modified` of any advisory, ISO 8601. */
  newest: z.string().optional(),
  advisories: z.number().int(),
  rows: z.number().int(),
  epssDate: z.string().optional(),
  kevDate: z.string().optional(),
  ecosystems: z.array(z.object({ name: z.string(), rows: z.number().int(), newest: z.string().optional() })),
  rejected: z.number().int().default(0),
});
export type AdvisoryStatus = z.infer<typeof AdvisoryStatus>;
