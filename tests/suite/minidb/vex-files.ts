import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AdvisoryRow } from '@breakwater/model';
import { type Fields, fieldsOf, listOf, textOf } from './json.ts';
import { csafRows, openVexRows } from './statement-records.ts';

/** States of CycloneDX's analysis by which a flaw is none, as OpenVEX calls them. */
const SAFE: Record<string, string> = {
  false_positive: 'not_affected',
  not_affected: 'not_affected',
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
};

/**
 * Rows of a VEX document beside an input: OpenVEX, CSAF or CycloneDX. Only what it calls safe counts: it is there to
 * take findings away. `ecosystem` is that of packages of the distribution.
 */
export function vexRows(folder: string, path: string, ecosystem: string): AdvisoryRow[] {
  const document = fieldsOf(JSON.parse(readFileSync(join(folder, path), 'utf8')));
  return rowsOf(document, ecosystem).map((row) => ({ ...row, onlyFixes: true }));
}

function rowsOf(document: Fields, ecosystem: string): AdvisoryRow[] {
  if (document['product_tree'] !== undefined) return csafRows(document, 'VEX', ecosystem);
  if (document['bomFormat'] === 'CycloneDX') {
    return listOf(document['vulnerabilities']).flatMap((flaw) => openVexRows(asStatement(flaw), 'VEX', ecosystem));
  }
  if (!Array.isArray(document['statements'])) throw new Error('the VEX document is of no form that is read');
  return listOf(document['statements']).flatMap((statement) => openVexRows(statement, 'VEX', ecosystem));
}

/** An entry of CycloneDX in the words of OpenVEX: what it affects is named by purl, alone or behind a BOM-Link. */
function asStatement(flaw: Fields): Fields {
  const state = textOf(fieldsOf(flaw['analysis'])['state']);
  const products = listOf(flaw['affects']).map(({ ref }) => {
    const reference = textOf(ref);
    const linked = reference.startsWith('urn:cdx:') ? decodeURIComponent(reference.split('#')[1] ?? '') : reference;
    return { '@id': linked };
  });
  return { vulnerability: { name: textOf(flaw['id']) }, status: SAFE[state] ?? 'affected', products };
}
