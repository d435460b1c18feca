import type { JsonObject, ManifestObject } from '@breakwater/model';
import { compileExpression } from '../../cel/index.ts';
import { Facts } from '../facts.ts';
import type { Estate } from './index.ts';

export const at = (namespace: string, name: string, more: JsonObject = {}): JsonObject => ({
  metadata: { name, namespace },
  ...more,
});

export const pods = (labels: JsonObject, spec: JsonObject = {}): JsonObject => ({
  spec: { template: { metadata: { labels }, spec: { containers: [], ...spec } } },
});

/** What an expression gives on the facts of an object beside an estate. */
export function ask(estate: Estate | undefined, object: JsonObject, source: string): unknown {
  const facts = new Facts({ id: 'x', object, facts: estate === undefined ? {} : { estate } }, '2026-01-01T00:00:00Z');
  return compileExpression(source, { variables: ['estate', 'grants', 'object'] }).evaluate(facts);
}

export const deployment = (spec: JsonObject = {}): JsonObject => ({
  kind: 'Deployment',
  ...at('shop', 'web'),
  ...pods({ app: 'web' }, spec),
});

export const read = (kind: string, object: JsonObject, cluster = 'default'): ManifestObject => {
  const metadata = object['metadata'] as { name: string; namespace: string };
  return { apiVersion: 'v1', kind, ...metadata, cluster, object, place: { source: 'x' } };
};
