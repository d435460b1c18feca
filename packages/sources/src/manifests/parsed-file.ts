import { Dockerfile, type ManifestObject, Unknown } from '@breakwater/model';
import { z } from 'zod';
import { isMapping } from './classify-document.ts';
import type { FileDocument, OtherFileKind } from './manifest-read.ts';
import type { ParsedFile } from './parse-files.ts';

const TEXTS = ['apiVersion', 'kind', 'namespace', 'name', 'cluster'];

/* Written by hand for speed: there are ten thousands, and what lies below `object` is JSON already. */
const manifestObject = z.custom<ManifestObject>(
  (value) =>
    isMapping(value) &&
    TEXTS.every((key) => typeof value[key] === 'string') &&
    isMapping(value['object']) &&
    isMapping(value['place']) &&
    (value['place']['pointer'] === undefined || Array.isArray(value['place']['pointer'])),
);

const document = z.custom<FileDocument>(
  (value) =>
    isMapping(value) &&
    ['compose', 'ecs', 'marathon'].includes(value['kind'] as string) &&
    Number.isInteger(value['document']) &&
    typeof value['value'] === 'object' &&
    value['value'] !== null,
);

/** What comes back through the wall for one file: the parser may have been taken over, so nothing is taken on trust. */
export const parsedFile: z.ZodType<ParsedFile> = z.strictObject({
  index: z.number().int().nonnegative(),
  dockerfile: Dockerfile.optional(),
  variables: z.string().optional(),
  read: z
    .strictObject({
      objects: z.array(manifestObject),
      patches: z.array(manifestObject),
      kind: z.custom<OtherFileKind>((value) => typeof value === 'string').optional(),
      documents: z.array(document),
      kustomization: z
        .strictObject({ includes: z.array(z.string()), changes: z.boolean(), component: z.boolean() })
        .optional(),
      patchFiles: z.array(z.string()),
      unknowns: z.array(Unknown),
    })
    .optional(),
}) as z.ZodType<ParsedFile>;

/** Names the file that was asked for in every place, whatever the parser said. */
export function placeInFile({ index, read, dockerfile, variables }: ParsedFile, source: string): ParsedFile {
  for (const { place } of [...(read?.objects ?? []), ...(read?.patches ?? []), ...(read?.unknowns ?? [])]) {
    place.source = source;
  }
  return {
    index,
    ...(read && { read }),
    ...(dockerfile && { dockerfile: { ...dockerfile, path: source } }),
    ...(variables !== undefined && { variables }),
  };
}
