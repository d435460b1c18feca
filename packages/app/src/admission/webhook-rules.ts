import { resourceOf, type ServedKind, servedKind } from '@breakwater/engine/inventory';
import type { WatchedKind } from './basis.ts';

/** One rule of a webhook: which requests it is asked about. */
export interface WebhookRule {
  operations: string[];
  apiGroups: string[];
  apiVersions: string[];
  resources: string[];
  scope: string;
}

/** What one rule asks about at one resource. */
interface Asking {
  group: string;
  version: string;
  resource: string;
  operations: readonly string[];
}

/** The rules for the kinds that policies look at: those of one group, version and set of operations in one rule. */
export function webhookRules(watched: readonly WatchedKind[]): WebhookRule[] {
  const everything = watched.find(({ kind }) => kind === '*');
  const rest = watched.filter(({ kind, operations }) => kind !== '*' && !isWithin(operations, kind, everything));
  const asking = rest.flatMap((each) =>
    servedAt(each).flatMap(({ group, version, resources }) =>
      resources.map((resource) => ({ group, version, resource, operations: each.operations })),
    ),
  );
  if (everything) asking.unshift({ group: '*', version: '*', resource: '*', operations: everything.operations });
  return rulesOf(asking);
}

/**
 * Rules that ask about everything that either does; undefined where the first ones do already. Replicas with other
 * policies want other rules while they are rolled out: none of them is to take from another what it asks about.
 */
export function widenedRules(
  present: readonly WebhookRule[],
  wanted: readonly WebhookRule[],
): WebhookRule[] | undefined {
  const all = new Map<string, Asking>();
  const add = (asking: Asking): boolean => {
    const key = JSON.stringify([asking.group, asking.version, asking.resource]);
    const known = all.get(key)?.operations ?? [];
    const operations = OPERATIONS.filter((name) => known.includes(name) || asking.operations.includes(name));
    all.set(key, { ...asking, operations });
    return operations.length > known.length;
  };
  for (const asking of present.flatMap(askingOf)) add(asking);
  const isWider = wanted.flatMap(askingOf).map(add).includes(true);
  return isWider ? rulesOf([...all.values()]) : undefined;
}

const OPERATIONS = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'];

/** Those of another scope than ours are somebody else's: they ask about less than they say. */
function askingOf({ operations = [], apiGroups = [], apiVersions = [], resources = [], scope }: WebhookRule): Asking[] {
  if (scope !== undefined && scope !== '*') return [];
  const all = operations.includes('*') ? OPERATIONS : operations;
  return apiGroups.flatMap((group) =>
    apiVersions.flatMap((version) => resources.map((resource) => ({ group, version, resource, operations: all }))),
  );
}

function rulesOf(asking: readonly Asking[]): WebhookRule[] {
  const alike = Map.groupBy(asking, ({ group, version, operations }) => JSON.stringify([group, version, operations]));
  return [...alike.values()].map((own) => ({
    operations: [...own[0]!.operations],
    apiGroups: [own[0]!.group],
    apiVersions: [own[0]!.version],
    resources: [...new Set(own.map(({ resource }) => resource))].sort(),
    scope: '*',
  }));
}

/** `*` covers resources, not what is below them. */
function isWithin(operations: readonly string[], kind: string, everything: WatchedKind | undefined): boolean {
  if (everything === undefined) return false;
  const below = servedKind(kind)?.resources.some((resource) => resource.includes('/')) === true;
  return !below && operations.every((operation) => (everything.operations as readonly string[]).includes(operation));
}

/** Of a kind that we do not know the plural is taken as English has it; in its group where policies name one. */
function servedAt({ kind, groups }: WatchedKind): Pick<ServedKind, 'group' | 'version' | 'resources'>[] {
  const known = servedKind(kind);
  if (known !== undefined && (groups.length === 0 || groups.includes(known.group))) return [known];
  const resources = [resourceOf(kind)];
  return (groups.length === 0 ? ['*'] : groups).map((group) => ({ group, version: '*', resources }));
}
