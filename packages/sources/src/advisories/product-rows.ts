import { CPE_ECOSYSTEM, readCpe } from './nvd-record.ts';
import type { OsvRecord } from './osv-record.ts';
import type { AffectedPackage } from './read-affected.ts';

/**
 * Bitnami packages what projects publish and says under which CPE NVD knows it: its ranges are the projects' own
 * versions, so that they hold for a program that nobody packaged, too. The name is a guess there, and so is the row.
 */
export function productRows(
  { database_specific: stated }: OsvRecord,
  parts: readonly AffectedPackage[],
): AffectedPackage[] {
  const [part] = parts;
  if (parts.length !== 1 || part?.ecosystem !== 'Bitnami') return [];
  const products = new Set((stated?.cpes ?? []).flatMap((cpe) => readCpe(cpe)?.product ?? []));
  return [...products].map((product) => ({ ...part, ecosystem: CPE_ECOSYSTEM, package: product, confidence: 'low' }));
}
