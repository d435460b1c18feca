import { isDeepStrictEqual } from 'node:util';
import { editObject, type FieldEdit, type Json, type JsonObject, laterFirst } from '@breakwater/model';
import type { Node } from 'yaml';
import { partEdits } from './part-edits.ts';
import { removeField } from './remove-field.ts';
import { setField } from './set-field.ts';
import { applySplices } from './splice.ts';
import { EditRefused, parseOne, plainValue, styleOf } from './yaml-document.ts';

type Pointer = readonly (string | number)[];

/** One object in a text of YAML or JSON. */
export interface TextTarget {
  /** Zero-based document of the stream. */
  document: number;
  /** Where the object stands in the document: empty, or `['items', 2]` in a list. */
  pointer: Pointer;
  /** Of a Kubernetes object, which has to be there still; absent where the document is another platform's. */
  kind?: string;
  name?: string;
  json: boolean;
}

/** What one object of a document is to become. */
export interface ObjectEdits {
  target: TextTarget;
  edits: readonly FieldEdit[];
}

/**
 * The text with fields of a document's objects edited, everything else byte for byte as it was. The document is read once
 * for all edits that are far enough apart. The result is read again and has to be what `editObject` makes of the objects:
 * otherwise `EditRefused` is thrown and nothing is changed.
 */
export function editDocument(text: string, document: number, objects: readonly ObjectEdits[]): string {
  const pieces = splitDocuments(text);
  const piece = pieces[document];
  if (piece === undefined) throw new EditRefused('the file has changed: the document is no longer there');
  return pieces.with(document, editPiece(piece, objects)).join('');
}

function editPiece(original: string, objects: readonly ObjectEdits[]): string {
  let document = parseOne(original);
  const before = plainValue(document);
  const style = styleOf(
    original,
    document,
    objects.some(({ target }) => target.json),
  );
  let expected = before;
  for (const { target, edits } of objects) {
    const object = objectAt(before, target);
    expected = replaceAt(expected, target.pointer, editObject(object, edits));
  }
  let text = original;
  let left = objects.flatMap(({ target, edits }) =>
    inOrder(edits).map((edit) => ({ ...edit, pointer: [...target.pointer, ...edit.pointer] })),
  );
  while (left.length > 0) {
    const root = document.contents as Node | null;
    const { apart, others } = partEdits(root, left);
    const splices = apart.flatMap((edit) =>
      edit.operation === 'set'
        ? [setField(text, root, edit.pointer, edit.value!, style)]
        : removeField(text, root, edit.pointer),
    );
    left = others;
    if (splices.length === 0) continue;
    text = applySplices(text, splices);
    document = parseOne(text);
  }
  if (!isDeepStrictEqual(sorted(plainValue(document)), sorted(expected))) {
    throw new EditRefused('the edited text would not say what it should');
  }
  return text;
}

/* The order in which `editObject` applies them. */
function inOrder(edits: readonly FieldEdit[]): FieldEdit[] {
  const safe = edits.filter(({ pointer }) => pointer.length > 0 && !pointer.includes('__proto__'));
  const sets = safe.filter(({ operation, value }) => operation === 'set' && value !== undefined);
  const removes = safe.filter(({ operation }) => operation === 'remove');
  return [...sets, ...removes.sort((a, b) => laterFirst(a.pointer, b.pointer))];
}

function objectAt(document: Json, { pointer, kind, name }: TextTarget): JsonObject {
  let value: Json | undefined = document;
  for (const step of pointer) value = (value as Record<string | number, Json> | null)?.[step];
  const object = value as JsonObject | null | undefined;
  if (name === undefined && typeof object === 'object' && object !== null) return object;
  const metadata = object?.['metadata'] as JsonObject | null | undefined;
  const found = metadata?.['name'] ?? metadata?.['generateName'];
  if (found !== name || (object?.['kind'] ?? kind) !== kind)
    throw new EditRefused('the file has changed: the object is no longer there');
  return object!;
}

function replaceAt(document: Json, pointer: Pointer, value: Json): Json {
  return pointer.length === 0
    ? value
    : editObject(document as JsonObject, [{ operation: 'set', pointer: [...pointer], value }]);
}

/* JSON with sorted keys has no order to differ in. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key]!)]),
  );
}

/* Pieces of a stream with their document markers, that give the text again when joined. */
function splitDocuments(text: string): string[] {
  const starts = [...text.matchAll(/^---(?=\s|$)/gm)].map(({ index }) => index).filter((index) => index > 0);
  const prologue = /^(?:\s*(?:#.*|%.*)?(?:\r?\n|$))*$/.test(text.slice(0, starts[0] ?? 0));
  const bounds = [0, ...(prologue ? starts.slice(1) : starts), text.length];
  return bounds.slice(1).map((end, index) => text.slice(bounds[index], end));
}
