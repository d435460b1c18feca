import type { FindingCollector } from './reading/collect-findings.ts';
import type { Entry } from './reading/entry.ts';
import type { ReportHead } from './reading/report-head.ts';

/** What an importer's module exports: its reports told in neutral terms. It is handed what was read, and cannot throw it off. */
export interface ReportParser {
  /**
   * `documents` are the values of a JSON file, the rows of a table, or the root of an XML file under its own name.
   * Findings go to `report.add`; what is told but not read goes to `report.unknown`.
   */
  parse(documents: Entry[], report: FindingCollector): void;
}

/** Reads the reports of one tool. To add one: its folder, and a line in `importers/`. */
export interface ReportImporter {
  /** Its folder: `trivy-operator`. */
  name: string;
  /** The tool as people call it: `Trivy Operator`. */
  tool: string;
  format: ReportHead['format'];
  /** Whether a file is one of its reports, by how it begins. */
  detect(head: ReportHead): boolean;
  /** Its parser, loaded when a report is there for it. */
  load(): Promise<ReportParser>;
}
