import type { VexProduct, VexStatement, VexVerdict } from '@breakwater/model';
import { z } from 'zod';
import { type CsafProducts, csafProducts, ProductTree } from './csaf-products.ts';
import { listOf, prose, text } from './vex-fields.ts';

const ids = listOf(z.string().max(4096));
const about = { product_ids: ids, group_ids: ids };
const note = z.object({ ...about, category: text, details: text });

/** A CSAF 2.0 document (https://docs.oasis-open.org/csaf/csaf/v2.0/), as far as matching needs it. */
export const Csaf = z.object({
  document: z.object({
    publisher: z.object({ name: text }).optional().catch(undefined),
    tracking: z.object({ current_release_date: text }).optional().catch(undefined),
  }),
  product_tree: ProductTree.optional().catch(undefined),
  vulnerabilities: listOf(
    z.object({
      cve: text,
      ids: listOf(z.object({ text })),
      product_status: z.record(z.string(), ids).optional().catch(undefined),
      flags: listOf(z.object({ ...about, label: text })),
      threats: listOf(note),
      remediations: listOf(note),
    }),
  ),
});
type Csaf = z.infer<typeof Csaf>;
type Flaw = Csaf['vulnerabilities'][number];

/** Status lists of CSAF in OpenVEX's words. `recommended` is advice, no statement. */
const STATUSES: Readonly<Record<string, VexVerdict['status']>> = Object.freeze({
  known_not_affected: 'not_affected',
  fixed: 'fixed',
  first_fixed: 'fixed',
  known_affected: 'affected',
  first_affected: 'affected',
  last_affected: 'affected',
  under_investigation: 'under_investigation',
});

/** The statements of a CSAF document. `left` counts products of a status whose id the product tree does not explain. */
export function parseCsaf(
  { document, product_tree: tree, vulnerabilities }: Csaf,
  name: string,
): { statements: VexStatement[]; left: number } {
  const known = csafProducts(tree ?? ProductTree.parse({}));
  const author = document.publisher?.name || 'an author that it does not name';
  const time = document.tracking?.current_release_date;
  let left = 0;
  const statements = vulnerabilities.flatMap((flaw): VexStatement[] => {
    const named = [flaw.cve, ...flaw.ids.map((id) => id.text)].filter(
      (id) => id !== undefined && id !== '',
    ) as string[];
    if (named.length === 0) return [];
    return Object.entries(flaw.product_status ?? {}).flatMap(([list, members]) => {
      const status = Object.hasOwn(STATUSES, list) ? STATUSES[list] : undefined;
      if (status === undefined) return [];
      return [...groupByReason(members, flaw, known)].flatMap(([reason, group]) => {
        const products = group.flatMap((id) => known.products.get(id) ?? []);
        left += group.length - products.length;
        return products.length === 0
          ? []
          : [statementOf(named, products, { author, status, document: name, ...(time && { time }) }, reason)];
      });
    });
  });
  return { statements, left };
}

/** Why, for products that share it. */
interface Reason {
  justification?: string | undefined;
  words?: string | undefined;
}

function statementOf(named: string[], products: VexProduct[], verdict: VexVerdict, reason: string): VexStatement {
  const { justification, words } = JSON.parse(reason) as Reason;
  return { ids: named, products, verdict: { ...verdict, ...(justification && { justification }), ...prose(words) } };
}

/** Products of a status by the flag and the note that are about them. */
function groupByReason(members: readonly string[], flaw: Flaw, { groups }: CsafProducts): Map<string, string[]> {
  const reasons = new Map<string, Reason>();
  const tell = (item: z.infer<typeof note> | Flaw['flags'][number], reason: Reason) => {
    const ids = [...item.product_ids, ...item.group_ids.flatMap((id) => groups.get(id) ?? [])];
    for (const id of ids) reasons.set(id, { ...reason, ...reasons.get(id) });
  };
  for (const flag of flaw.flags) tell(flag, { justification: flag.label });
  for (const threat of flaw.threats) if (threat.category === 'impact') tell(threat, { words: threat.details });
  for (const remediation of flaw.remediations) tell(remediation, { words: remediation.details });
  return Map.groupBy(members, (id) => JSON.stringify(reasons.get(id) ?? {}));
}
