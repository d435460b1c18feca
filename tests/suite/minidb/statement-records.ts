import type { AdvisoryRow } from '@breakwater/model';
import { LANGUAGE_ECOSYSTEMS, type Purl, packageName, parsePurl } from '@breakwater/model/purl';
import { type Fields, fieldsOf, listOf, textOf, textsOf } from './json.ts';
import { advisoryRow } from './rows.ts';

/** Rows of an OpenVEX statement: versions, or all of them, that somebody calls fixed, not affected or affected. */
export function openVexRows(statement: Fields, source: string, ecosystem: string): AdvisoryRow[] {
  const flaw = fieldsOf(statement['vulnerability']);
  const status = textOf(statement['status']);
  if (status === 'under_investigation') return [];
  const products = listOf(statement['products']).flatMap((product) => {
    const parts = listOf(product['subcomponents']);
    return parts.length === 0 ? [product] : parts;
  });
  return products.flatMap((product) => {
    const purl = parsePurl(textOf(fieldsOf(product['identifiers'])['purl'] ?? product['@id']));
    if (purl === undefined) return [];
    const version = versionOf(purl);
    const isSafe = status === 'fixed' || status === 'not_affected';
    const said = isSafe ? safeVersion(version) : affectedVersion(version);
    return [
      advisoryRow({
        id: textOf(flaw['name']),
        aliases: textsOf(flaw['aliases']),
        ecosystem: LANGUAGE_ECOSYSTEMS[purl.type] ?? ecosystem,
        package: packageName(purl),
        source,
        settles: true,
        ...said,
      }),
    ];
  });
}

/** Rows of a CSAF VEX document: what its products are to each flaw, by the purl of the package that relates to them. */
export function csafRows(item: Fields, source: string, ecosystem: string): AdvisoryRow[] {
  const purls = new Map<string, string>();
  readProducts(fieldsOf(item['product_tree']), purls);
  return listOf(item['vulnerabilities']).flatMap((flaw) => {
    const status = fieldsOf(flaw['product_status']);
    const rowsOf = (field: string, statement: (version: string) => Partial<AdvisoryRow>) =>
      textsOf(status[field]).flatMap((product) => {
        const purl = parsePurl(purls.get(product) ?? '');
        if (purl === undefined) return [];
        const names = purl.qualifiers['arch'] === 'src' ? 'source' : 'binary';
        const own = LANGUAGE_ECOSYSTEMS[purl.type] ?? ecosystem;
        const row = {
          id: textOf(flaw['cve']),
          ecosystem: own,
          package: packageName(purl),
          source,
          settles: true,
        } as const;
        return [advisoryRow({ ...row, names, ...statement(versionOf(purl)) })];
      });
    return [
      ...rowsOf('known_affected', affectedVersion),
      ...rowsOf('fixed', (version) => ({
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: version === '' ? '0' : version }] }],
      })),
      ...rowsOf('known_not_affected', safeVersion),
    ];
  });
}

/** With the epoch, which a purl has apart. */
function versionOf({ version = '', qualifiers }: Purl): string {
  const epoch = qualifiers['epoch'];
  return version === '' || epoch === undefined || epoch === '0' ? version : `${epoch}:${version}`;
}

function safeVersion(version: string): Partial<AdvisoryRow> {
  if (version !== '') return { unaffected: [version] };
  return { ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '0' }] }] };
}

function affectedVersion(version: string): Partial<AdvisoryRow> {
  return version === ''
    ? { ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }] }
    : { versions: [version], unaffected: [] };
}

/** Purls by product id: those of the tree, and of what its relationships put into a product. */
function readProducts(tree: Fields, purls: Map<string, string>): void {
  const open = [tree];
  for (let branch = open.pop(); branch !== undefined; branch = open.pop()) {
    open.push(...listOf(branch['branches']));
    const product = fieldsOf(branch['product']);
    const purl = textOf(fieldsOf(product['product_identification_helper'])['purl']);
    if (purl !== '') purls.set(textOf(product['product_id']), purl);
  }
  for (const relationship of listOf(tree['relationships'])) {
    const purl = purls.get(textOf(relationship['product_reference']));
    if (purl !== undefined) purls.set(textOf(fieldsOf(relationship['full_product_name'])['product_id']), purl);
  }
}
