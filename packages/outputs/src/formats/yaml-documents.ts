import type { JsonObject } from '@breakwater/model';

/** Objects as a stream of YAML documents with `---` between them, as `kubectl apply -f -` reads it. */
export async function yamlDocuments(objects: readonly JsonObject[]): Promise<string> {
  const { stringify } = await import('yaml');
  return objects.map((object) => stringify(object, { lineWidth: 120, aliasDuplicateObjects: false })).join('---\n');
}
