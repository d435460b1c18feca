export { detectReport } from './detect-report.ts';
export type { ReportImporter, ReportParser } from './importer.ts';
export { importers } from './importers.ts';
export { parseReport } from './parse-report.ts';
export { readReport } from './read-report.ts';
