import type { JsonObject, ManifestObject } from '@breakwater/model';
import { readManifestText } from '../read-manifest-text.ts';
import type { Translated } from './platform-document.ts';
import { translatePlatforms } from './translate-platforms.ts';

/** Translates texts by source, as a run over a folder of them does; `.env` files are variables. */
export function translateTexts(files: Readonly<Record<string, string>>): Translated {
  const variables = Object.entries(files).filter(([source]) => /\.env$/.test(source));
  const documents = Object.entries(files)
    .filter(([source]) => !/\.env$/.test(source))
    .flatMap(([source, text]) =>
      readManifestText({ source, text, inChart: false }).documents.map((document) => ({ ...document, source })),
    );
  return translatePlatforms(documents, new Map(variables));
}

/** The pod of a translated object. */
export function podOf({ object }: ManifestObject): JsonObject {
  const spec = object['spec'] as { template: { spec: JsonObject } };
  return spec.template.spec;
}

/** The first container of a translated object. */
export function containerOf(object: ManifestObject): Record<string, never> & JsonObject {
  return (podOf(object)['containers'] as (Record<string, never> & JsonObject)[])[0]!;
}
