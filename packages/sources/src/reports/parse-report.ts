import type { ReportRead } from '@breakwater/model';
import { detectReport } from './detect-report.ts';
import type { ReportImporter } from './importer.ts';
import { FindingCollector } from './reading/collect-findings.ts';
import type { Entry } from './reading/entry.ts';

/**
 * Reads a report of any tool that is told apart; `source` is what places name. Whatever it holds, this does not throw:
 * what cannot be read is an unknown.
 */
export async function parseReport(text: string, source: string): Promise<ReportRead> {
  const start = text.startsWith('\ufeff') ? text.slice(1) : text;
  const importer = detectReport(start, source.slice(source.lastIndexOf('/') + 1));
  if (importer === undefined) {
    const report = new FindingCollector(source, '');
    report.unknown('report-format-unsupported', 'This is no report of a tool that is read');
    return report.reading('');
  }
  const report = new FindingCollector(source, importer.tool);
  const documents = await documentsOf(start, importer, report);
  if (documents.length > 0) (await importer.load()).parse(documents, report);
  return report.reading(importer.name);
}

async function documentsOf(text: string, importer: ReportImporter, report: FindingCollector): Promise<Entry[]> {
  const invalid = (what: string) =>
    report.unknown('report-invalid', `This is no whole ${what} document: it may be cut off`);
  switch (importer.format) {
    case 'json': {
      const { readJsonValues } = await import('./reading/read-json-values.ts');
      const { values, broken } = readJsonValues(text);
      for (const line of broken) report.unknown('report-line-invalid', `What begins at line ${line} is no whole JSON`);
      if (values.length === 0 && broken.length === 0) invalid('JSON');
      // Kubernetes judges an object by these two, whatever else it says: it must not hide behind a report.
      if (importer.name !== 'trivy-operator' && values.some((value) => value.text('apiVersion') && value.text('kind')))
        report.unknown('report-is-manifest', 'The report is a Kubernetes object too, which was not judged');
      return values;
    }
    case 'csv': {
      const { readCsv } = await import('./reading/read-csv.ts');
      const { rows, more } = readCsv(text);
      if (more) report.unknown('report-findings-left', `Rows beyond the first ${rows.length} were not read`);
      return rows;
    }
    case 'xml': {
      const { readXmlFields } = await import('./reading/xml-fields.ts');
      const root = readXmlFields(text);
      if (root === undefined) invalid('XML');
      return root === undefined ? [] : [root];
    }
  }
}
