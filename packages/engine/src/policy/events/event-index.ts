import type { Node } from '../cel/ast.ts';
import { parse } from '../cel/parser.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import type { Names } from './constants.ts';
import type { Look, RawField } from './event-fields.ts';
import { type Atom, necessaryAtoms } from './necessary-atoms.ts';
import { screenOf } from './screen.ts';
import { TextIndex } from './text-index.ts';

/** What is looked up of an event: a text, and who asks for it or for a part of it. */
interface Lookup {
  read: NonNullable<RawField['whole']>;
  index: TextIndex;
}

interface TypeIndex {
  lookups: Lookup[];
  /** Positions of policies that have to be asked about every event of the type. */
  asked: number[];
}

const NONE: readonly number[] = [];

/**
 * Which of some policies may have something to say of an event: by what they ask for they are looked up, and a first look
 * at the rest of what they ask leaves few. Of nearly all events it is none, and the number of policies does not matter.
 */
export class EventIndex {
  readonly #byType = new Map<string, TypeIndex>();
  readonly #screens: ((look: Look) => boolean)[] = [];

  /** Positions are those in the list that is given. */
  constructor(policies: readonly CompiledPolicy[]) {
    for (const [position, compiled] of policies.entries()) {
      const expressions = expressionsOf(compiled);
      const names = namesOf(compiled);
      this.#screens.push(screenOfAll(expressions, names));
      const atoms = atomsOfAll(expressions, names);
      for (const type of compiled.policy.spec.match.events ?? []) this.#add(type, position, atoms);
    }
  }

  /** Positions of policies, each once. */
  candidates(look: Look): readonly number[] {
    const index = this.#byType.get(look.event.type);
    if (index === undefined) return NONE;
    let found: readonly number[] = NONE;
    for (const { read, index: texts } of index.lookups) {
      const text = read(look);
      if (text !== '') found = this.#merge(found, texts.find(text), look);
    }
    return this.#merge(found, index.asked, look);
  }

  #merge(found: readonly number[], more: readonly number[], look: Look): readonly number[] {
    let all = found;
    for (const position of more) {
      if (!all.includes(position) && this.#screens[position]?.(look) === true) all = [...all, position];
    }
    return all;
  }

  #add(type: string, position: number, atoms: readonly Atom[] | undefined): void {
    let index = this.#byType.get(type);
    if (index === undefined) {
      index = { lookups: [], asked: [] };
      this.#byType.set(type, index);
    }
    if (atoms === undefined) index.asked.push(position);
    for (const { field, is, text } of atoms ?? []) {
      lookupOf(index.lookups, field.whole).add({ is, text, part: field.part }, position);
    }
  }
}

function lookupOf(lookups: Lookup[], read: RawField['whole']): TextIndex {
  let lookup = lookups.find((other) => other.read === read);
  if (lookup === undefined) {
    lookup = { read: read as Lookup['read'], index: new TextIndex() };
    lookups.push(lookup);
  }
  return lookup.index;
}

/** The rules of a policy as expressions of which one at least is not false where it has something to say. */
function expressionsOf({ rules, judge, policy }: CompiledPolicy): Node[] | undefined {
  if (judge !== undefined || rules.some(({ wanted }) => wanted)) return undefined;
  const conditions = (policy.spec.match.conditions ?? []).map(({ expr }) => parse(expr));
  return rules.map(({ expression }) =>
    conditions.reduce<Node>((node, condition) => joined(condition, node), parse(expression.source)),
  );
}

const joined = (a: Node, b: Node): Node => ({
  kind: 'call',
  name: '_&&_',
  operands: [a, b],
  start: 0,
  depth: Math.max(a.depth, b.depth) + 1,
});

function screenOfAll(expressions: readonly Node[] | undefined, names: Names): (look: Look) => boolean {
  const screens = expressions?.map((node) => screenOf(node, names).may);
  if (screens === undefined) return () => true;
  const tests = screens.filter((test) => test !== undefined);
  if (tests.length < screens.length) return () => true;
  const [only, ...others] = tests;
  return only !== undefined && others.length === 0 ? only : (look) => tests.some((test) => test(look));
}

function atomsOfAll(expressions: readonly Node[] | undefined, names: Names): readonly Atom[] | undefined {
  const found = expressions?.map((node) => necessaryAtoms(node, names));
  if (found === undefined || found.includes(undefined)) return undefined;
  return found.flatMap((atoms) => atoms ?? []);
}

function namesOf({ params, policy }: CompiledPolicy): Names {
  const values = new Map<string, unknown>(
    Object.entries(params ?? {}).map(([name, value]) => [`params.${name}`, value]),
  );
  const nodes = new Map<string, Node>(
    (policy.spec.variables ?? []).map(({ name, expression }) => [`variables.${name}`, parse(expression)]),
  );
  return { values, nodes };
}
