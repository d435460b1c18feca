import { Failure } from './cel/index.ts';

/** Where a path begins: the object, its pod spec, or the element that the rule is at. */
export type FieldRoot = 'object' | 'workload.pod' | 'c' | 'item';

/** A path as policies write it: `c.securityContext.privileged`, `object.rules[0]`, `item['a/b']`. */
export interface FieldPath {
  root: FieldRoot;
  steps: readonly (string | number)[];
}

const ROOT = /^(object|workload\.pod|c|item)(?=[.[]|$)/;
const STEP = /^(?:\.([A-Za-z_]\w*)|\[(\d{1,6})\]|\['([^'\\]*)'\]|\["([^"\\]*)"\])/;

/** Reads a path; undefined where it is none. */
export function parseFieldPath(text: string): FieldPath | undefined {
  const root = ROOT.exec(text)?.[1] as FieldRoot | undefined;
  if (root === undefined) return undefined;
  const steps: (string | number)[] = [];
  for (let rest = text.slice(root.length); rest !== ''; ) {
    const match = STEP.exec(rest);
    if (match === null) return undefined;
    const [whole, name, index, single, double] = match;
    steps.push(index === undefined ? (name ?? single ?? double ?? '') : Number(index));
    rest = rest.slice(whole.length);
  }
  return { root, steps };
}

type Pointer = readonly (string | number)[];

/**
 * The first of several paths that is written in a document; where none is, as much of the first as is. A base gives the
 * path to what a path begins at.
 */
export function findField(document: unknown, paths: readonly FieldPath[], base: (root: FieldRoot) => Pointer): Pointer {
  let nearest: Pointer | undefined;
  for (const { root, steps } of paths) {
    const pointer = base(root).concat(steps);
    const written = depthWritten(document, pointer);
    if (written === pointer.length) return pointer;
    nearest ??= pointer.slice(0, written);
  }
  return nearest ?? [];
}

/** The first of several paths at which nothing can be told, or at whose items; undefined where all are known. */
export function findUnknown(
  document: unknown,
  paths: readonly FieldPath[],
  base: (root: FieldRoot) => Pointer,
): Pointer | undefined {
  for (const { root, steps } of paths) {
    let current = document;
    const pointer = [...base(root), ...steps];
    for (const [depth, step] of pointer.entries()) {
      current = (current as Record<string | number, unknown> | null | undefined)?.[step];
      if (current instanceof Failure) return pointer.slice(0, depth + 1);
    }
    const item = Array.isArray(current) ? current.findIndex((each) => each instanceof Failure) : -1;
    if (item !== -1) return [...pointer, item];
  }
  return undefined;
}

/** How many steps of a path lead somewhere. */
function depthWritten(document: unknown, pointer: Pointer): number {
  let current = document;
  for (let depth = 0; depth < pointer.length; depth++) {
    const step = pointer[depth] as string | number;
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return depth;
    current = (current as Record<string | number, unknown>)[step];
  }
  return pointer.length;
}
