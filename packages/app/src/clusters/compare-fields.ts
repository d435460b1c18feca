import type { Json, JsonObject } from '@breakwater/model';
import { isJsonObject } from './live-index.ts';
import { sameQuantity } from './quantities.ts';
import { isEmpty, isServerDefault } from './server-defaults.ts';

/** A field in which two objects differ; the pointer is that of the cluster where it has the field, else of Git. */
export interface Difference {
  pointer: (string | number)[];
  change: 'changed' | 'added' | 'removed';
  git?: Json;
  live?: Json;
}

/** What tells the items of a list apart, the first that all of them have. */
const KEYS: string[][] = [
  ['name'],
  ['containerPort', 'protocol'],
  ['port', 'protocol'],
  ['mountPath'],
  ['devicePath'],
  ['ip'],
  ['uid'],
  ['topologyKey', 'whenUnsatisfiable'],
];
/** Defaults of what tells items apart. */
const KEY_DEFAULTS: Record<string, Json> = { protocol: 'TCP' };
/** Lists whose order says nothing. */
const SETS = new Set([
  'accessModes',
  'add',
  'apiGroups',
  'drop',
  'hosts',
  'nonResourceURLs',
  'operations',
  'policyTypes',
  'resourceNames',
  'resources',
  'verbs',
]);
const DEEPEST = 60;

/**
 * How what runs differs from what Git says. Only what Git states has to hold: what a server completes is passed over;
 * other fields that are in the cluster alone are `added`.
 */
export function compareFields(git: Json, live: Json, pointer: (string | number)[] = []): Difference[] {
  if (pointer.length > DEEPEST) return [];
  if (isJsonObject(git) && isJsonObject(live)) return compareObjects(git, live, pointer);
  if (Array.isArray(git) && Array.isArray(live)) return compareLists(git, live, pointer);
  return isSame(git, live) ? [] : [{ pointer, change: 'changed', git, live }];
}

function compareObjects(git: JsonObject, live: JsonObject, pointer: (string | number)[]): Difference[] {
  const found: Difference[] = [];
  for (const [key, wanted] of Object.entries(git)) {
    const at = [...pointer, key];
    const there = Object.hasOwn(live, key) ? live[key] : undefined;
    if (there !== undefined && there !== null) found.push(...compareFields(wanted, there, at));
    else if (!isAbsent(wanted)) found.push({ pointer: at, change: 'removed', git: wanted });
  }
  for (const [key, there] of Object.entries(live)) {
    const known = Object.hasOwn(git, key) ? git[key] : undefined;
    if (known !== undefined || isServerDefault(key, there, live)) continue;
    found.push({ pointer: [...pointer, key], change: 'added', live: there });
  }
  return found;
}

function compareLists(git: Json[], live: Json[], pointer: (string | number)[]): Difference[] {
  const key = KEYS.find((names) => tellsApart(names, git) && tellsApart(names, live));
  if (key !== undefined && git.length > 0) return compareKeyed(git as JsonObject[], live as JsonObject[], key, pointer);
  const isSet = SETS.has(String(pointer.at(-1)));
  const scalars = git.every((item) => !isJsonObject(item) && !Array.isArray(item));
  if (isSet && scalars) return sameSet(git, live) ? [] : [{ pointer, change: 'changed', git, live }];
  if (git.length !== live.length || scalars) {
    const same = git.length === live.length && git.every((item, index) => isSame(item, live[index] as Json));
    return same ? [] : [{ pointer, change: 'changed', git, live }];
  }
  return git.flatMap((item, index) => compareFields(item, live[index] as Json, [...pointer, index]));
}

/** Whether all items of a list have these fields, and no two the same. */
function tellsApart(names: string[], list: Json[]): boolean {
  const [first = ''] = names;
  if (!list.every((item): item is JsonObject => isJsonObject(item) && first in item)) return false;
  return new Set(list.map((item) => itemKey(names, item))).size === list.length;
}

function itemKey(names: string[], item: JsonObject): string {
  return JSON.stringify(names.map((name) => item[name] ?? KEY_DEFAULTS[name] ?? null));
}

function compareKeyed(
  git: JsonObject[],
  live: JsonObject[],
  key: string[],
  pointer: (string | number)[],
): Difference[] {
  const keyOf = (item: JsonObject) => itemKey(key, item);
  const there = new Map(live.map((item, index) => [keyOf(item), { item, index }]));
  const found: Difference[] = [];
  for (const [index, item] of git.entries()) {
    const match = there.get(keyOf(item));
    there.delete(keyOf(item));
    if (match) found.push(...compareFields(item, match.item, [...pointer, match.index]));
    else found.push({ pointer: [...pointer, index], change: 'removed', git: item });
  }
  for (const { item, index } of there.values())
    found.push({ pointer: [...pointer, index], change: 'added', live: item });
  return found;
}

/** What a server drops when it is stated: nothing, emptiness, `false` and zero. */
function isAbsent(value: Json): boolean {
  return isEmpty(value) || value === false || value === 0;
}

function isSame(git: Json, live: Json): boolean {
  if (git === live || (isEmpty(git) && isEmpty(live))) return true;
  if (typeof git === 'object' || typeof live === 'object') return JSON.stringify(git) === JSON.stringify(live);
  if (git === null || live === null) return false;
  return String(git) === String(live) || sameQuantity(String(git), String(live));
}

function sameSet(git: Json[], live: Json[]): boolean {
  const texts = (list: Json[]) => [...new Set(list.map((item) => JSON.stringify(item)))].sort().join('\n');
  return texts(git) === texts(live);
}
