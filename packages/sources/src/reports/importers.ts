import type { ReportImporter } from './importer.ts';
import { checkImporters } from './importers/check-importers.ts';
import { codeImporters } from './importers/code-importers.ts';
import { vulnerabilityImporters } from './importers/vulnerability-importers.ts';

/** Every importer; the first that knows a file reads it. To add one: its folder, and a line in the list of its kind. */
export const importers: readonly ReportImporter[] = [...vulnerabilityImporters, ...checkImporters, ...codeImporters];
