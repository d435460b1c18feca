import { Dockerfile, Unknown } from '@breakwater/model';
import { z } from 'zod';
import { isMapping } from './classify-document.ts';
import type { ParsedFile } from './parse-files.ts';

const TEXTS = ['apiVersion', 'kind', 'namespace', 'name', 'cluster'];

const isManifestObject = (value: unknown): boolean =>
  isMapping(value) &&
  TEXTS.every((key) => typeof value[key] === 'string') &&
  isMapping(value['object']) &&
  isMapping(value['place']) &&
  (value['place']['pointer'] === undefined || Array.isArray(value['place']['pointer']));

const isDocument = (value: unknown): boolean =>
  isMapping(value) &&
  ['compose', 'ecs', 'marathon'].includes(value['kind'] as string) &&
  Number.isInteger(value['document']) &&
  typeof value['value'] === 'object' &&
  value['value'] !== null;

const kustomization = z.strictObject({ includes: z.array(z.string()), changes: z.boolean(), component: z.boolean() });

const READ: ReadonlySet<string> = new Set([
  'objects',
  'patches',
  'kind',
  'documents',
  'kustomization',
  'patchFiles',
  'isPlain',
  'unknowns',
]);
const FILE: ReadonlySet<string> = new Set(['index', 'read', 'dockerfile', 'variables']);

const holdsOnly = (value: Record<string, unknown>, names: ReadonlySet<string>): boolean =>
  Object.keys(value).every((name) => names.has(name));

const isListOf = (value: unknown, isOne: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isOne);

const fits = (schema: z.ZodType, value: unknown): boolean => value === undefined || schema.safeParse(value).success;

function isFileRead(value: unknown): boolean {
  return (
    isMapping(value) &&
    holdsOnly(value, READ) &&
    isListOf(value['objects'], isManifestObject) &&
    isListOf(value['patches'], isManifestObject) &&
    isListOf(value['documents'], isDocument) &&
    isListOf(value['patchFiles'], (path) => typeof path === 'string') &&
    isListOf(value['unknowns'], (unknown) => Unknown.safeParse(unknown).success) &&
    (value['kind'] === undefined || typeof value['kind'] === 'string') &&
    (value['isPlain'] === undefined || value['isPlain'] === true) &&
    fits(kustomization, value['kustomization'])
  );
}

/**
 * What comes back through the wall for one file: the parser may have been taken over, so nothing is taken on trust. Written
 * by hand for speed: there are ten thousands, and what lies below `object` is JSON already.
 */
export const parsedFile: z.ZodType<ParsedFile> = z.custom<ParsedFile>(
  (value) =>
    isMapping(value) &&
    holdsOnly(value, FILE) &&
    Number.isSafeInteger(value['index']) &&
    (value['index'] as number) >= 0 &&
    (value['variables'] === undefined || typeof value['variables'] === 'string') &&
    fits(Dockerfile, value['dockerfile']) &&
    (value['read'] === undefined || isFileRead(value['read'])),
  'what was read of a file is not what a parser tells',
);

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
