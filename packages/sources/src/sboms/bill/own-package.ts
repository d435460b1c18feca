import type { Component } from '@breakwater/model';
import { parsePurl } from '@breakwater/model/purl';
import { type BillEntry, property } from './bill.ts';
import { objectOf, parseObject, textsOf } from './fields.ts';
import { isComponentType } from './purl-of-entry.ts';

const GUESSES: ReadonlySet<unknown> = new Set<Component['guessedFrom']>(['manifest', 'file-name', 'text']);
const RELATIONSHIPS: ReadonlySet<unknown> = new Set<Component['relationship']>([
  'root',
  'workspace',
  'direct',
  'indirect',
]);

/**
 * A package of a document that we wrote, exactly as it was when we did; undefined where the entry is none of ours.
 * Owners and what it needs are told by the relations of the document.
 */
export function ownPackage(entry: BillEntry): Component | undefined {
  const { ref, name, group, version, purl, licences, locations, development } = entry;
  const parsed = parsePurl(purl);
  const id = property(entry, 'breakwater:id') ?? ref;
  if (!parsed || !id.startsWith('pkg:')) return undefined;
  const type = isComponentType(parsed.type) ? parsed.type : 'generic';
  const said = (key: string): string | undefined => property(entry, `breakwater:${key}`);
  const sourceName = said('source:name');
  const cpes = entry.properties.get('breakwater:cpe');
  const relationship = said('relationship');
  const guessedFrom = said('guessed-from');
  const line = Number(said('line'));
  const symbols = symbolsOf(said('symbols'));
  return {
    id,
    type,
    name: group === '' ? name : `${group}${type === 'maven' ? ':' : '/'}${name}`,
    version,
    purl,
    ...optional('ecosystem', said('ecosystem')),
    ...(sourceName && { source: { name: sourceName, version: said('source:version') ?? '' } }),
    ...optional('architecture', said('architecture')),
    ...optional('vendor', said('vendor')),
    ...optional('modularityLabel', said('modularity-label')),
    ...(cpes && { cpes: [...cpes] }),
    ...(symbols && { symbols }),
    licences: [...(entry.properties.get('breakwater:licence') ?? licences)],
    path: said('path') ?? locations[0] ?? '',
    ...optional('layer', said('layer')),
    files: said('files')?.split('\n') ?? [],
    scope: said('scope') === 'locked' ? 'locked' : 'installed',
    development: development || said('development') === 'true',
    ...(RELATIONSHIPS.has(relationship) && { relationship: relationship as NonNullable<Component['relationship']> }),
    ...(said('needs') === 'nothing' && { dependsOn: [] }),
    ...(Number.isSafeInteger(line) && line > 0 && { line }),
    ...(/^[0-9a-f]{40}$/.test(entry.sha1 ?? '') && { sha1: entry.sha1 }),
    ...(GUESSES.has(guessedFrom) && { guessedFrom: guessedFrom as NonNullable<Component['guessedFrom']> }),
  };
}

function optional<Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, string>);
}

/** `{ "import/path": ["Function"] }`, as one property. */
function symbolsOf(text: string | undefined): Component['symbols'] {
  const fields = text === undefined ? undefined : objectOf(parseObject(text));
  return fields && Object.entries(fields).map(([path, names]) => ({ path, names: textsOf(names) }));
}
