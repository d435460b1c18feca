import type { JsonObject } from '@breakwater/model';
import { judge } from './judge-foreign.ts';

export type Document = JsonObject & { kind: string };

/** Matches every pod. */
export const PODS = { any: [{ resources: { kinds: ['Pod'] } }] };

/** A policy of Kyverno with rules. */
export const policy = (
  rules: JsonObject[],
  spec: JsonObject = {},
  kind = 'ClusterPolicy',
  metadata: JsonObject = {},
): Document => ({
  apiVersion: 'kyverno.io/v1',
  kind,
  metadata: { name: 'p', ...metadata },
  spec: { rules, ...spec },
});

/** A rule on pods. */
export const rule = (validate: JsonObject, more: JsonObject = {}): JsonObject => ({
  name: 'r',
  match: PODS,
  validate,
  ...more,
});

/** Asks for a label. */
export const TEAM = { message: 'no team', pattern: { metadata: { labels: { team: '?*' } } } };

/** An object of the core. */
export const named = (kind: string, name: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  ...more,
});

/** Whether a rule has anything to say about an object. */
export function applies(match: JsonObject, object: JsonObject, facts = {}, exclude?: JsonObject): boolean {
  const written = { name: 'r', match, ...(exclude ? { exclude } : {}), validate: { pattern: { nothing: 1 } } };
  return judge([policy([written as JsonObject])], object, facts).length > 0;
}
