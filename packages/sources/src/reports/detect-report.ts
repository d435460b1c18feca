import type { ReportImporter } from './importer.ts';
import { importers } from './importers.ts';
import { reportHead } from './reading/report-head.ts';

/** The importer whose report a file is, told from its beginning (64 KiB are plenty); undefined where there is none. */
export function detectReport(head: string | Uint8Array, fileName = ''): ReportImporter | undefined {
  const seen = reportHead(head, fileName);
  return seen && importers.find((importer) => importer.format === seen.format && importer.detect(seen));
}
