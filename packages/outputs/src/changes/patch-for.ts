import { posix } from 'node:path';
import {
  alignPointer,
  type Change,
  type Edit,
  type FieldEdit,
  type JsonObject,
  type ManifestObject,
  type ObjectAddition,
  type ObjectEdit,
  type Place,
  type TextEdit,
  workloadId,
} from '@breakwater/model';
import { applyTextEdits } from './apply-text-edits.ts';
import { editDocument, type ObjectEdits } from './edit-text.ts';
import { renderBlock } from './render-yaml.ts';
import { writtenEdits } from './translated-edits.ts';
import { unifiedDiff } from './unified-diff.ts';
import { EditRefused } from './yaml-document.ts';

/** What a patch is made from. */
export interface PatchSources {
  /** Objects as read, with their places. */
  objects: readonly ManifestObject[];
  /** The file's text as it is now; throws where there is none. */
  readText(path: string): string;
  /** Definition that a workload describes (`Workload.definitions[0]`), from which pointers of edits were made. */
  describedBy?: (workload: string) => Place | undefined;
}

/** A patch, the files in it, and what could not be put into it, as sentences. */
export interface Patch {
  /** Unified diff; empty where nothing can be changed. */
  patch: string;
  files: string[];
  notes: string[];
}

/**
 * One patch of the original files for one or several changes: comments, quotes, order and indentation stay. Every file that
 * defines an edited object is patched. A file that cannot be edited with safety is left as it is, and a note says why.
 */
export function patchFor(changes: Change | readonly Change[], sources: PatchSources): Patch {
  const edits = [changes].flat().flatMap((change) => (change as Change).edits);
  const draft = new Draft(sources.readText);
  for (const edit of ofTarget(edits, 'text')) draft.addTextEdit(edit);
  draft.applyTextEdits();
  editObjects(ofTarget(edits, 'object'), sources, draft);
  draft.applyObjectEdits();
  for (const addition of ofTarget(edits, 'new-object')) draft.addObject(addition);
  return draft.finish();
}

function ofTarget<Target extends Edit['target']>(edits: Edit[], target: Target): Extract<Edit, { target: Target }>[] {
  return edits.filter((edit): edit is Extract<Edit, { target: Target }> => edit.target === target);
}

function editObjects(edits: ObjectEdit[], { objects, describedBy }: PatchSources, draft: Draft): void {
  const byObject = Map.groupBy(edits, workloadId);
  const names = new Set(edits.map(({ name }) => name));
  const definitions = Map.groupBy(
    objects.filter(({ name }) => names.has(name)),
    workloadId,
  );
  for (const [id, own] of byObject) {
    const found = definitions.get(id) ?? [];
    if (found.length === 0) draft.note(`${own[0]!.kind} ${own[0]!.name} is defined in none of the files at hand`);
    const described = describedBy?.(id);
    const reference = found.find(({ place }) => described !== undefined && samePlace(place, described)) ?? found[0];
    for (const object of found) {
      const aligned = alignEdits(reference!.object, object.object, own);
      if (object.translation === undefined) draft.addObjectEdits(object, aligned);
      else draft.addTranslatedEdits(object, aligned);
    }
  }
}

function samePlace(a: Place, b: Place): boolean {
  return JSON.stringify([a.source, a.document, a.pointer]) === JSON.stringify([b.source, b.document, b.pointer]);
}

function alignEdits(reference: JsonObject, target: JsonObject, edits: ObjectEdit[]): FieldEdit[] {
  const aligned = edits.flatMap(({ operation, value, pointer }): FieldEdit[] => {
    const own = alignPointer(reference, target, pointer);
    return own === undefined
      ? []
      : [value === undefined ? { operation, pointer: own } : { operation, pointer: own, value }];
  });
  const seen = new Set<string>();
  return aligned.filter((edit) => {
    const key = JSON.stringify(edit);
    return !seen.has(key) && seen.add(key);
  });
}

/* Several services of a file may change it alike. */
function withEdit(edits: readonly FieldEdit[], edit: FieldEdit): FieldEdit[] {
  const key = JSON.stringify(edit);
  return edits.some((known) => JSON.stringify(known) === key) ? [...edits] : [...edits, edit];
}

/* Characters of all files that one patch may edit: each is read some times, and its syntax tree takes a hundred times its size. */
const MAX_EDITED = 20_000_000;

/* Texts while they are being edited. */
class Draft {
  readonly #readText: (path: string) => string;
  readonly #texts = new Map<string, { before: string | undefined; after: string }>();
  readonly #textEdits = new Map<string, TextEdit[]>();
  readonly #objectEdits = new Map<string, ObjectEdits[]>();
  #edited = 0;
  readonly #notes: string[] = [];

  constructor(readText: (path: string) => string) {
    this.#readText = readText;
  }

  note(sentence: string): void {
    if (!this.#notes.includes(sentence)) this.#notes.push(sentence);
  }

  addTextEdit(edit: TextEdit): void {
    const known = this.#textEdits.get(edit.path);
    if (known === undefined) this.#textEdits.set(edit.path, [edit]);
    else known.push(edit);
  }

  applyTextEdits(): void {
    for (const [path, edits] of this.#textEdits) this.#change(path, (text) => applyTextEdits(text, edits));
  }

  addObjectEdits({ kind, name, place }: ManifestObject, edits: FieldEdit[]): void {
    if (edits.length === 0) return;
    const { source, document = 0, pointer = [] } = place;
    const json = /\.json$/i.test(source);
    const own = { target: { document, pointer, kind, name, json }, edits };
    const known = this.#objectEdits.get(source);
    if (known === undefined) this.#objectEdits.set(source, [own]);
    else known.push(own);
  }

  /** Edits of a workload of another platform, in the words of the files that it was translated from. */
  addTranslatedEdits(object: ManifestObject, edits: FieldEdit[]): void {
    const written = writtenEdits(object, edits);
    for (const note of written.notes) this.note(note);
    for (const { place, edit } of written.edits) {
      const { source, document = 0 } = place;
      const own = { target: { document, pointer: [], json: /\.json$/i.test(source) }, edits: [edit] };
      const known = this.#objectEdits.get(source);
      const same = known?.find(({ target }) => target.kind === undefined && target.document === document);
      if (same !== undefined) same.edits = withEdit(same.edits, edit);
      else if (known !== undefined) known.push(own);
      else this.#objectEdits.set(source, [own]);
    }
  }

  applyObjectEdits(): void {
    for (const [path, objects] of this.#objectEdits) {
      for (const [document, own] of Map.groupBy(objects, ({ target }) => target.document)) {
        this.#edited += this.#texts.get(path)?.after.length ?? this.#existing(path)?.length ?? 0;
        if (this.#edited > MAX_EDITED) this.note(`${path} was left as it is: the patch would change too much at once`);
        else this.#editDocument(path, document, own);
      }
    }
  }

  addObject({ fileName, beside, object }: ObjectAddition): void {
    const text = `${renderBlock(object, 0, { step: 2, listIndent: 2, json: false }).join('\n')}\n`;
    const folder = posix.dirname(beside);
    const { name, ext } = posix.parse(fileName.replaceAll(/[/\\]/g, '-'));
    for (let number = 1; ; number += 1) {
      const path = posix.join(folder, `${name}${number === 1 ? '' : `-${number}`}${ext}`);
      const there = this.#texts.get(path)?.after ?? this.#existing(path);
      if (there === text) return;
      if (there !== undefined) continue;
      this.#texts.set(path, { before: undefined, after: text });
      return;
    }
  }

  finish(): Patch {
    const changed = [...this.#texts].filter(([, { before, after }]) => before !== after);
    const parts = changed.map(([path, { before, after }]) =>
      unifiedDiff({ path: this.#diffPath(path), before, after }),
    );
    return { patch: parts.join(''), files: changed.map(([path]) => path), notes: this.#notes };
  }

  /* All objects of a document at once; one by one where that is refused, so that one costs only itself. */
  #editDocument(path: string, document: number, objects: ObjectEdits[]): void {
    const edit = (some: ObjectEdits[]) => (text: string) => editDocument(text, document, some);
    if (objects.length > 1 && this.#try(path, edit(objects)) === undefined) return;
    for (const own of objects) this.#change(path, edit([own]));
  }

  #change(path: string, edit: (text: string) => string): void {
    const refused = this.#try(path, edit);
    if (refused !== undefined) this.note(`${path} was left as it is: ${refused}`);
  }

  /* Why it could not be done; undefined where it was. */
  #try(path: string, edit: (text: string) => string): string | undefined {
    const before = this.#texts.get(path)?.before ?? this.#existing(path);
    const current = this.#texts.get(path)?.after ?? before;
    try {
      if (current === undefined) throw new EditRefused('it cannot be read');
      this.#texts.set(path, { before, after: edit(current) });
      return undefined;
    } catch (error) {
      if (!(error instanceof EditRefused)) throw error;
      return error.message;
    }
  }

  #existing(path: string): string | undefined {
    try {
      return this.#readText(path);
    } catch {
      return undefined;
    }
  }

  /* A patch names files below the folder in which it is applied. */
  #diffPath(path: string): string {
    if (!posix.isAbsolute(path)) return path;
    this.note(`${path} lies outside the current folder: apply the patch from /`);
    return path.slice(1);
  }
}
