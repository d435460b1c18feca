export { type AdvisoryIndex, openAdvisoryIndex } from './advisory-index.ts';
export { DEFAULT_FEEDS } from './default-feeds.ts';
export { detectAdvisories } from './detect-advisories.ts';
export { type ImportOptions, importAdvisories } from './import-advisories.ts';
export type { ImportedSource, ImportProgress, ImportReport, RowCounts } from './import-report.ts';
export type { AdvisoryRecord } from './row-reader.ts';
