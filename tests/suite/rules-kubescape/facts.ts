import { estateOfLists } from '@breakwater/engine/policy/facts/estate';
import type { JsonObject } from '@breakwater/model';

/** What is known beside the object itself, where the case shows every object that there is. */
export function factsOf(inputs: readonly JsonObject[]): Record<string, unknown> {
  return { estate: estateOfLists(Object.fromEntries(Map.groupBy(inputs, (object) => String(object['kind'])))) };
}
