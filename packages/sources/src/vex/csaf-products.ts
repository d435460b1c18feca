import type { VexProduct, VexSubject } from '@breakwater/model';
import { z } from 'zod';
import { listOf, MOST, text } from './vex-fields.ts';

const fullName = z.object({
  product_id: z.string().max(4096),
  name: text,
  product_identification_helper: z
    .object({
      purl: text,
      purls: listOf(z.string().max(4096)),
      cpe: text,
      hashes: listOf(z.object({ file_hashes: listOf(z.object({ algorithm: text, value: z.string().max(256) })) })),
    })
    .optional()
    .catch(undefined),
});

/** A product tree of CSAF; its branches are read one by one, however deep they nest. */
export const ProductTree = z.object({
  branches: z.array(z.unknown()).max(MOST).optional().catch(undefined),
  full_product_names: listOf(fullName),
  relationships: listOf(
    z.object({
      category: text,
      product_reference: z.string().max(4096),
      relates_to_product_reference: z.string().max(4096),
      full_product_name: fullName,
    }),
  ),
  product_groups: listOf(z.object({ group_id: z.string().max(4096), product_ids: listOf(z.string().max(4096)) })),
});

const branch = z.object({
  category: text,
  name: text,
  product: fullName.optional().catch(undefined),
  branches: z.array(z.unknown()).max(MOST).optional().catch(undefined),
});

/** Products of a CSAF document by id, and the members of its groups. */
export interface CsafProducts {
  products: ReadonlyMap<string, VexProduct>;
  groups: ReadonlyMap<string, readonly string[]>;
}

/** Reads a product tree. A relationship is a product of its own: one thing as a part of, or installed on, another. */
export function csafProducts(tree: z.infer<typeof ProductTree>): CsafProducts {
  const products = new Map<string, VexProduct>();
  const add = (item: z.infer<typeof fullName>, versions: string[]) =>
    products.set(item.product_id, { names: namesOf(item), versions, parts: [] });
  for (const item of tree.full_product_names) add(item, []);
  const open = [...(tree.branches ?? [])];
  for (let seen = 0; open.length > 0 && seen < MOST; seen++) {
    const { data } = branch.safeParse(open.pop());
    if (data === undefined) continue;
    open.push(...(data.branches ?? []));
    if (data.product !== undefined) add(data.product, versionsOf(data.category, data.name));
  }
  for (const {
    product_reference: part,
    relates_to_product_reference: whole,
    full_product_name: full,
  } of tree.relationships) {
    const [held, holder] = [products.get(part), products.get(whole)];
    if (held !== undefined && holder !== undefined) products.set(full.product_id, relate(held, holder, namesOf(full)));
  }
  const groups = new Map(tree.product_groups.map((group) => [group.group_id, group.product_ids]));
  return { products, groups };
}

/** The part inside the whole; a part of a part is looked for in the outermost. */
function relate(part: VexProduct, whole: VexProduct, own: string[]): VexProduct {
  const subject: VexSubject = { names: [...part.names, ...own], versions: part.versions };
  return { names: whole.names, versions: whole.versions, parts: [subject] };
}

function namesOf({ name, product_identification_helper: helper }: z.infer<typeof fullName>): string[] {
  const digests = (helper?.hashes ?? []).flatMap((item) =>
    item.file_hashes.map(
      ({ algorithm = '', value }) => `${algorithm.toLowerCase().replace('-', '')}:${value.toLowerCase()}`,
    ),
  );
  const names = [helper?.purl, ...(helper?.purls ?? []), helper?.cpe, ...digests];
  const stated = names.filter((item) => item !== undefined && item !== '') as string[];
  // A name for people counts only where nothing better is there: it may be that of an image.
  return stated.length > 0 || name === undefined ? stated : [name];
}

function versionsOf(category: string | undefined, name: string | undefined): string[] {
  if (name === undefined) return [];
  if (category === 'product_version') return [name];
  if (category !== 'product_version_range') return [];
  return [name.startsWith('vers:') ? name : `vers:generic/${name.replace(/\s+/g, '').replaceAll(',', '|')}`];
}
