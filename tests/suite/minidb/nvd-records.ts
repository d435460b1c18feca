import type { AdvisoryRange, AdvisoryRow } from '@breakwater/model';
import { type Fields, fieldsOf, listOf, textOf } from './json.ts';
import { advisoryRow } from './rows.ts';

/** Rows of a record of NVD: products named by CPE. They are guesses by name, whatever the record says. */
export function nvdRows(item: Fields, source: string, targetSoftware: ReadonlySet<string>): AdvisoryRow[] {
  const cve = fieldsOf(item['cve']);
  const matches = listOf(cve['configurations'])
    .flatMap((configuration) => listOf(configuration['nodes']))
    .flatMap((node) => listOf(node['cpeMatch']));
  return matches.flatMap((match) => {
    const parts = textOf(match['criteria']).split(/(?<!\\):/);
    const [, , part, vendor, product, version = '*', update = '*'] = parts;
    const software = parts[10] ?? '*';
    if (match['vulnerable'] !== true || part !== 'a' || !(software === '*' || targetSoftware.has(software))) return [];
    const exact = version === '*' || version === '-' ? '' : version.replace(/\\(.)/g, '$1');
    const row = advisoryRow({
      id: textOf(cve['id']),
      ecosystem: 'NVD',
      package: `${vendor}:${product}`.replace(/\\(.)/g, '$1'),
      source,
      confidence: 'low',
      ...(exact === ''
        ? rangeOf(match)
        : { versions: [update === '*' || update === '-' ? exact : `${exact}-${update}`] }),
    });
    return [row];
  });
}

function rangeOf(match: Fields): Pick<AdvisoryRow, 'ranges' | 'unaffected'> {
  const from = textOf(match['versionStartIncluding'] ?? match['versionStartExcluding']);
  const fixed = textOf(match['versionEndExcluding']);
  const last = textOf(match['versionEndIncluding']);
  const range: AdvisoryRange = {
    type: 'ECOSYSTEM',
    events: [
      { introduced: from === '' ? '0' : from },
      ...(fixed === '' ? [] : [{ fixed }]),
      ...(last === '' ? [] : [{ lastAffected: last }]),
    ],
  };
  const excluded = match['versionStartExcluding'];
  return { ranges: [range], ...(excluded === undefined ? {} : { unaffected: [textOf(excluded)] }) };
}
