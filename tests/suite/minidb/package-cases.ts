import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchComponents } from '@breakwater/engine/matching';
import type { AdvisoryRow } from '@breakwater/model';
import type { Answer } from '../suite.ts';
import { type CaseDistribution, distributionOf } from './distribution.ts';
import { type Fields, fieldsOf, textOf, textsOf } from './json.ts';
import { githubRows, osvRows } from './language-records.ts';
import { nvdRows } from './nvd-records.ts';
import { componentsOf } from './package-component.ts';
import { lookupOf } from './rows.ts';
import { csafRows, openVexRows } from './statement-records.ts';
import { vendorRows } from './vendor-records.ts';

/** `target_sw` of CPE names under which packages of a language go. */
const SOFTWARE: Record<string, string[]> = {
  go: ['go', 'golang'],
  java: ['java', 'maven'],
  javascript: ['node.js', 'nodejs'],
  php: ['php'],
  python: ['python'],
  ruby: ['ruby', 'rails'],
  rust: ['rust'],
};

/** Answers a case of one package against advisory records. */
export function answerPackage(fields: Record<string, unknown>, folder: string): Answer {
  const item = fieldsOf(fields['package']);
  const options = fieldsOf(fields['options']);
  const release = fieldsOf(item['distro']);
  const distribution =
    item['distro'] === undefined ? undefined : distributionOf(textOf(release['type']), textOf(release['version']));
  const records = textsOf(fields['records']).map((path) => ({
    source: providerOf(path),
    item: fieldsOf(fieldsOf(JSON.parse(readFileSync(join(folder, path), 'utf8')))['item']),
  }));
  const isOver = records.some((record) => isEndOfLife(record.item, distribution));
  const components = componentsOf(item, options, distribution, usesCpes(item, options, isOver));
  const software = new Set(SOFTWARE[textOf(item['language'])] ?? []);
  const ecosystem = components[0]?.ecosystem ?? '';
  const rows = records.flatMap((record) => rowsOf(record.item, record.source, distribution, ecosystem, software));
  const isBorrowed =
    /Auto$/i.test(textOf(options['missingEpochStrategy'])) && !/^[0-9]+:/.test(components[0]?.version ?? '');
  const { matches } = matchComponents(components, lookupOf(isBorrowed ? rows.map(withoutEpochs) : rows));
  const named = new Set(rows.flatMap(({ id, aliases }) => [id, ...aliases]));
  // A record that is about a CVE without calling itself by it goes by its own id.
  const ids = matches.flatMap(({ id, advisories }) => (named.has(id) ? [id] : advisories));
  return { answer: { ids: [...new Set(ids)] } };
}

/** A row for a version whose epoch is missing and shall be taken from the advisory: bounds without theirs. */
function withoutEpochs(row: AdvisoryRow): AdvisoryRow {
  const strip = (version: string) => version.replace(/^[0-9]+:/, '');
  const ranges = row.ranges.map((range) => ({
    ...range,
    events: range.events.map((event) =>
      Object.fromEntries(Object.entries(event).map(([kind, version]) => [kind, strip(version ?? '')])),
    ),
  }));
  return { ...row, ranges };
}

/** The folder above `results`. */
function providerOf(path: string): string {
  const parts = path.split('/');
  return parts[parts.indexOf('results') - 1] ?? 'records';
}

function rowsOf(
  item: Fields,
  source: string,
  distribution: CaseDistribution | undefined,
  ecosystem: string,
  software: ReadonlySet<string>,
): AdvisoryRow[] {
  if ('isEol' in item) return [];
  if ('cve' in item) return nvdRows(item, source, software);
  if ('product_tree' in item) return csafRows(item, source, ecosystem);
  if ('document' in item) return openVexRows(fieldsOf(item['document']), source, ecosystem);
  if ('affected' in item) return osvRows(item, source, distribution, ecosystem);
  if ('Advisory' in item) return githubRows(item, source);
  if ('Vulnerability' in item) return vendorRows(item, source, distribution, ecosystem);
  throw new Error(`a record of ${source} is of no form that is read`);
}

function isEndOfLife(item: Fields, distribution: CaseDistribution | undefined): boolean {
  if (item['isEol'] !== true || distribution === undefined) return false;
  const release = textOf(item['name']);
  const isProduct = distributionOf(textOf(item['product']), '').id === distribution.id;
  return isProduct && (release === distribution.version || distribution.version.startsWith(`${release}.`));
}

/** Where names of NVD are taken: Alpine lists fixes only, and what nobody else lists has nothing better. */
function usesCpes(item: Fields, options: Fields, isOver: boolean): boolean {
  const type = textOf(item['type']);
  if (type === 'apk') return true;
  if (type === 'deb' || type === 'rpm') return isOver && options['useCPEsForEOL'] === true;
  const isStandardLibrary = type === 'go-module' && item['name'] === 'stdlib';
  if (isStandardLibrary && options['alwaysUseCPEForStdlib'] === true) return true;
  return options['useCPEs'] === true || (item['language'] === undefined && options['useCPEs'] !== false);
}
