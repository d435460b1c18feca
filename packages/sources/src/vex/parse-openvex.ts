import type { VexProduct, VexStatement, VexSubject } from '@breakwater/model';
import { z } from 'zod';
import { digestsOf, listOf, prose, statusOf, text } from './vex-fields.ts';

const hashes = z.record(z.string(), z.string().max(256)).optional().catch(undefined);
const component = z.object({
  '@id': text,
  identifiers: z.record(z.string(), z.string().max(4096)).optional().catch(undefined),
  hashes,
});
/** Version 0.0 of the format names products by text alone. */
const named = z.union([z.string().max(4096), component]);
const product = z.union([z.string().max(4096), component.extend({ subcomponents: listOf(named) })]);
const vulnerability = z.union([
  z.string().max(300),
  z.object({ '@id': text, name: text, aliases: listOf(z.string().max(300)) }),
]);
const statement = z.object({
  vulnerability,
  products: listOf(product),
  subcomponents: listOf(named),
  status: text,
  justification: text,
  impact_statement: text,
  action_statement: text,
  status_notes: text,
  timestamp: text,
  last_updated: text,
});

/** An OpenVEX document (https://github.com/openvex/spec), as far as matching needs it. */
export const OpenVex = z.object({ author: text, timestamp: text, last_updated: text, statements: listOf(statement) });

type Statement = z.infer<typeof statement>;

/**
 * The statements of an OpenVEX document. `subjects` are the things that an attestation around it is about: they stand
 * in for the products of statements that name none. `left` counts statements whose status is none of the format's.
 */
export function parseOpenVex(
  { author, timestamp, last_updated: updated, statements }: z.infer<typeof OpenVex>,
  document: string,
  subjects: readonly VexSubject[],
): { statements: VexStatement[]; left: number } {
  const read = statements.flatMap((item): VexStatement[] => {
    const ids = idsOf(item.vulnerability);
    const status = statusOf(item.status);
    if (status === undefined || ids.length === 0) return [];
    const time = item.last_updated ?? item.timestamp ?? updated ?? timestamp;
    const words = item.impact_statement ?? item.action_statement ?? item.status_notes;
    return [
      {
        ids,
        products: productsOf(item, subjects),
        verdict: {
          author: author || 'an author that it does not name',
          status,
          document,
          ...(item.justification && { justification: item.justification }),
          ...prose(words),
          ...(time && { time }),
        },
      },
    ];
  });
  return { statements: read, left: statements.length - read.length };
}

function idsOf(item: Statement['vulnerability']): string[] {
  if (typeof item === 'string') return [item];
  const { name, '@id': id, aliases } = item;
  // An id may be an address that ends with the name: `https://nvd.nist.gov/vuln/detail/CVE-2024-1`.
  const last = id?.split('/').at(-1);
  return [...new Set([name, last, ...aliases].filter((value) => value !== undefined && value !== ''))] as string[];
}

function productsOf({ products, subcomponents }: Statement, subjects: readonly VexSubject[]): VexProduct[] {
  const shared = subcomponents.map(subjectOf);
  const stated = products.map((item) => ({
    ...subjectOf(item),
    parts: [...(typeof item === 'string' ? [] : item.subcomponents.map(subjectOf)), ...shared],
  }));
  return stated.length > 0 ? stated : subjects.map((subject) => ({ ...subject, parts: shared }));
}

function subjectOf(item: z.infer<typeof named>): VexSubject {
  if (typeof item === 'string') return { names: [item], versions: [] };
  const names = [item['@id'], ...Object.values(item.identifiers ?? {}), ...digestsOf(item.hashes)];
  return { names: names.filter((name) => name !== undefined && name !== '') as string[], versions: [] };
}
