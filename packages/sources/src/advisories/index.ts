export { type AdvisoryIndex, type AdvisoryRecord, openAdvisoryIndex } from './advisory-index.ts';
export { DEFAULT_FEEDS } from './default-feeds.ts';
export { detectAdvisories } from './detect-advisories.ts';
export { type ImportOptions, importAdvisories } from './import-advisories.ts';
export type { ImportedSource, ImportProgress, ImportReport } from './import-report.ts';
