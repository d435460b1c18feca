import { dump, load } from 'js-yaml';
import { parse, stringify } from 'smol-toml';
import type { Step } from './random-steps.ts';

type Tree = unknown[] | { [key: string]: unknown };

interface Notation {
  read(text: string): unknown;
  write(tree: unknown): string;
}

const NOTATIONS: Notation[] = [
  { read: (text) => JSON.parse(text), write: (tree) => JSON.stringify(tree, null, 1) },
  { read: (text) => parse(text), write: (tree) => stringify(tree) },
  { read: (text) => load(text), write: (tree) => dump(tree) },
];

const LEAVES: unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, '', ' ', '0', '1.0.0', '../..', '__proto__', 'constructor'],
  ...[
    '<script>',
    'pkg:npm/a@1',
    'a@npm:b@1',
    '\u0000',
    '\ud800',
    'x'.repeat(5000),
    '*',
    '^1',
    'file:..',
    [],
    {},
    [[]],
    [null],
  ],
];
const MOST_VALUES = 20_000;
const LONGEST = 200_000;
const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'name',
  'version',
  'packages',
  'dependencies',
  '0',
  'a/b',
  '..',
];

/** One step on what a text means, written again in its own notation; undefined where it is no JSON, TOML or YAML. */
export function mutateTree(text: string, step: Step, other: string): string | undefined {
  const notation = NOTATIONS.find(({ read }) => treeOf(read, text) !== undefined);
  if (notation === undefined) return undefined;
  const tree = treeOf(notation.read, text)!;
  const donor = treeOf(notation.read, other);
  try {
    change(tree, step, donor);
    return isSmall(tree) ? notation.write(tree) : undefined;
  } catch {
    // Trees of trees become too deep to copy or to write.
    return undefined;
  }
}

function treeOf(read: Notation['read'], text: string): Tree | undefined {
  try {
    const value = read(text);
    return isTree(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

/** Whether a tree can be written: what is repeated again and again grows beyond any memory. */
function isSmall(tree: Tree): boolean {
  let values = 0;
  let length = 0;
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const value = waiting.pop();
    values += 1;
    if (typeof value === 'string') length += value.length;
    if (values > MOST_VALUES || length > LONGEST) return false;
    if (isTree(value)) for (const child of Object.values(value)) waiting.push(child);
  }
  return true;
}

/** What a value may become; `other` is a value of another seed. */
const CHANGES: ((value: unknown, step: Step, other: unknown) => unknown)[] = [
  (_, { pick }) => LEAVES[pick % LEAVES.length],
  (_value, _step, other) => structuredClone(other),
  (value, { length, pick }) => nest(value, Math.min(length, 3000), pick % 2 === 0),
  (value, { length, pick }) => repeat(value, Math.min(length, 2000), pick % 2 === 0),
];

function change(tree: Tree, step: Step, donor: Tree | undefined): void {
  const places = placesOf(tree);
  const { parent, key } = places[step.at % Math.max(1, places.length)] ?? { parent: tree, key: 'a' };
  const value = Reflect.get(parent, key);
  const kind = Math.floor(step.kind / 3) % (CHANGES.length + 2);
  if (kind === CHANGES.length) Reflect.deleteProperty(parent, key);
  else if (kind > CHANGES.length) set(parent, KEYS[step.pick % KEYS.length]!, value);
  else {
    const others = placesOf(donor ?? tree);
    const from = others[step.pick % Math.max(1, others.length)];
    set(parent, key, CHANGES[kind]!(value, step, from && Reflect.get(from.parent, from.key)));
  }
}

function nest(value: unknown, depth: number, lists: boolean): unknown {
  let nested = value;
  for (let level = 0; level < depth; level++) nested = lists ? [nested] : { a: nested };
  return nested;
}

function repeat(value: unknown, times: number, lists: boolean): unknown {
  const many = Array.from({ length: times }, () => value);
  return lists ? many : Object.fromEntries(many.entries());
}

/** Sets an own property, `__proto__` too. */
function set(parent: Tree, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}

function placesOf(tree: Tree): { parent: Tree; key: string }[] {
  const places: { parent: Tree; key: string }[] = [];
  const waiting: Tree[] = [tree];
  for (let parent = waiting.pop(); parent !== undefined && places.length < 5000; parent = waiting.pop()) {
    for (const [key, value] of Object.entries(parent)) {
      places.push({ parent, key });
      if (isTree(value)) waiting.push(value);
    }
  }
  return places;
}
