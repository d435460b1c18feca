import type { JsonObject } from '@breakwater/model';
import { resourceOf, splitApiVersion } from '../../inventory/resource-names.ts';
import { listOf, recordOf, textOf } from '../loose-values.ts';

/** What is looked up: a kind by its name or by that of its resource. */
export interface ObjectQuery {
  apiVersion?: string | undefined;
  kind?: string | undefined;
  /** Plural, as in the API. */
  resource?: string | undefined;
  /** All namespaces when absent. */
  namespace?: string | undefined;
  name?: string | undefined;
}

/** Finds objects among those in view; undefined where none of their kind is in view, so that nothing can be said. */
export type ObjectLookup = (query: ObjectQuery) => readonly JsonObject[] | undefined;

/**
 * Looks up objects among those that came with the policies, and among those that are judged together. Of two of one name
 * the former counts: what is judged does not set the measure.
 *
 * @param estate objects in view by kind, as the fact `estate` has them.
 */
export function lookupIn(companions: readonly JsonObject[], estate: unknown): ObjectLookup {
  return (query) => {
    const inView = Object.entries(recordOf(estate)).flatMap(([kind, objects]) =>
      isAsked(kind, query) ? listOf(objects).map((object) => recordOf(object) as JsonObject) : [],
    );
    const beside = companions.filter((object) => isAsked(textOf(object['kind']), query));
    if (beside.length + inView.length === 0) return undefined;
    const found = [...beside, ...inView].filter((object) => fits(object, query));
    return [...new Map(found.toReversed().map((object) => [identityOf(object), object])).values()].toReversed();
  };
}

function identityOf(object: JsonObject): string {
  const { namespace, name } = recordOf(object['metadata']);
  return JSON.stringify([object['kind'], groupOf(textOf(object['apiVersion'])), textOf(namespace) || 'default', name]);
}

function isAsked(kind: string, { kind: wanted, resource }: ObjectQuery): boolean {
  if (wanted !== undefined) return kind === wanted;
  return resource === undefined || resourceOf(kind) === resource;
}

function fits(object: JsonObject, { apiVersion, namespace, name }: ObjectQuery): boolean {
  const metadata = recordOf(object['metadata']);
  if (name !== undefined && metadata['name'] !== name) return false;
  if (namespace !== undefined && (textOf(metadata['namespace']) || 'default') !== namespace) return false;
  return apiVersion === undefined || groupOf(textOf(object['apiVersion'])) === groupOf(apiVersion);
}

const groupOf = (apiVersion: string): string => splitApiVersion(apiVersion).group;
