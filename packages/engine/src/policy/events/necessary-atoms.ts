import { type Node, qualifiedName } from '../cel/ast.ts';
import { constantOf, type Names } from './constants.ts';
import { type RawField, rawFieldOf } from './event-fields.ts';

/** Something that must be so of an event: the field is the text, or begins with it, ends with it, holds it. */
export interface Atom {
  field: RawField;
  is: 'equal' | 'prefix' | 'suffix' | 'part';
  /** Numbers and truth values as JSON writes them. */
  text: string;
}

const TESTS: Readonly<Record<string, Atom['is']>> = { startsWith: 'prefix', endsWith: 'suffix', contains: 'part' };

/** More alternatives than these are too many to be looked up. */
const MOST_ATOMS = 2000;

/**
 * Atoms about texts that can be looked up, of which one at least holds wherever the expression is not false, whatever
 * else is unknown. Undefined where the expression says nothing of the kind: it has to be asked of every event.
 */
export function necessaryAtoms(node: Node, names: Names): readonly Atom[] | undefined {
  const found = atomsOf(node, names);
  return found !== undefined && found.length <= MOST_ATOMS ? found : undefined;
}

type Atoms = readonly Atom[] | undefined;

function atomsOf(node: Node, names: Names): Atoms {
  if (node.kind === 'call') return atomsOfCall(node, names);
  if (node.kind === 'macro') return atomsOfMacro(node, names);
  const inside = names.nodes.get(qualifiedName(node) ?? '');
  return inside === undefined ? undefined : atomsOf(inside, names);
}

function atomsOfCall(node: Extract<Node, { kind: 'call' }>, names: Names): Atoms {
  const [first, second, third] = node.operands;
  switch (node.name) {
    case '_&&_':
      return better(atomsOf(first as Node, names), atomsOf(second as Node, names));
    case '_||_':
      return both(atomsOf(first as Node, names), atomsOf(second as Node, names));
    case '_?_:_':
      return both(atomsOf(second as Node, names), atomsOf(third as Node, names));
    case '_==_':
      return equal(first as Node, second as Node, names) ?? equal(second as Node, first as Node, names);
    case '@in':
      return among(fieldOf(first as Node, names), constantOf(second as Node, names));
    default:
      return testOf(node, names);
  }
}

/** Only what can be looked up: what is absent is empty, and looked up by nobody. */
function fieldOf(node: Node, names: Names): RawField | undefined {
  const field = rawFieldOf(node, names);
  return field?.whole === undefined ? undefined : field;
}

function equal(left: Node, right: Node, names: Names): Atoms {
  const value = constantOf(right, names);
  return value === undefined ? undefined : among(fieldOf(left, names), [value]);
}

function among(field: RawField | undefined, values: unknown): Atoms {
  if (field === undefined || !Array.isArray(values) || values.includes('')) return undefined;
  return values.map((value) => ({ field, is: 'equal', text: String(value) }));
}

/** `event.file.path.startsWith('/etc/')`. */
function testOf({ name, target, operands }: Extract<Node, { kind: 'call' }>, names: Names): Atoms {
  const is = Object.hasOwn(TESTS, name) ? TESTS[name] : undefined;
  const field = target === undefined ? undefined : fieldOf(target, names);
  const text = operands[0] === undefined ? undefined : constantOf(operands[0], names);
  if (is === undefined || field === undefined || typeof text !== 'string' || text === '') return undefined;
  return [{ field, is, text }];
}

/** `['a', 'b'].exists(x, ...)`: what it says for one of the elements. */
function atomsOfMacro(node: Extract<Node, { kind: 'macro' }>, names: Names): Atoms {
  if (node.name !== 'exists' || node.second !== undefined || node.condition === undefined) return undefined;
  const list = constantOf(node.target, names);
  if (!Array.isArray(list)) return undefined;
  const found: Atom[] = [];
  for (const element of list) {
    const values = new Map(names.values).set(node.variable, element);
    const atoms = atomsOf(node.condition, { ...names, values });
    if (atoms === undefined) return undefined;
    found.push(...atoms);
  }
  return found;
}

const both = (a: Atoms, b: Atoms): Atoms => (a === undefined || b === undefined ? undefined : [...a, ...b]);

/** The one that fewer events are expected to have: whole texts before parts of them, long before short. */
function better(a: Atoms, b: Atoms): Atoms {
  if (a === undefined || b === undefined) return a ?? b;
  return frequencyOf(a) <= frequencyOf(b) ? a : b;
}

const FREQUENCIES: Readonly<Record<Atom['is'], number>> = { equal: 1, suffix: 2, prefix: 3, part: 4 };

const frequencyOf = (atoms: readonly Atom[]): number =>
  Math.max(0, ...atoms.map(({ is, text }) => FREQUENCIES[is] + (text.length < 4 ? 4 : 0)));
