import type { Node } from '../cel/ast.ts';
import { parse } from '../cel/parser.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import type { Names } from './constants.ts';
import { isAlikeOf, type Look, type RawField } from './event-fields.ts';
import { type Atom, necessaryAtoms } from './necessary-atoms.ts';
import { readsAlike } from './reads-alike.ts';
import { screenOf } from './screen.ts';
import { TextIndex } from './text-index.ts';

/** What is looked up of an event: a text, and who asks for it or for a part of it. */
interface Lookup {
  read: NonNullable<RawField['whole']>;
  index: TextIndex;
  alike: RawField['alike'];
}

/** What a first look says of all events that are alike, and what is left to be asked of each. */
export interface Opening {
  /** Positions of policies that may have something to say of each of them. */
  found: readonly number[];
  /** Positions of those that have to be asked, and texts of which they are not alike. */
  asked: readonly number[];
  lookups: readonly Lookup[];
}

interface Screen {
  may: (look: Look) => boolean;
  /** What it looks at. */
  reads: readonly RawField[];
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
  readonly #screens: Screen[] = [];
  readonly #decidedAlike: ((type: string) => boolean)[] = [];

  /** Positions are those in the list that is given. */
  constructor(policies: readonly CompiledPolicy[]) {
    for (const [position, compiled] of policies.entries()) {
      const expressions = expressionsOf(compiled);
      const names = namesOf(compiled);
      this.#screens.push(screenOfAll(expressions, names));
      this.#decidedAlike.push((type) => isPlain(compiled) && readsAlike(expressions, names, type));
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

  /** Whether any policy is about events of a type. */
  isAbout(type: string): boolean {
    return this.#byType.has(type);
  }

  /** Whether a policy says the same of all events of a type that are alike, but for the message of a failure. */
  decidesAlike(position: number, type: string): boolean {
    return this.#decidedAlike[position]?.(type) === true;
  }

  /** What is so of all events that are alike: found out once. */
  open(look: Look): Opening {
    const { type } = look.event;
    const { lookups, asked } = this.#byType.get(type) ?? { lookups: [], asked: NONE };
    const positions = new Set<number>();
    for (const { read, index, alike } of lookups) {
      const text = isAlikeOf({ alike }, type) ? read(look) : '';
      if (text !== '') for (const position of index.find(text)) positions.add(position);
    }
    for (const position of asked) positions.add(position);
    const isAlike = (position: number) =>
      this.#screens[position]?.reads.every((field) => isAlikeOf(field, type)) === true;
    return {
      found: [...positions].filter((position) => isAlike(position) && this.#may(position, look)),
      asked: [...positions].filter((position) => !isAlike(position)),
      lookups: lookups.filter(({ alike }) => !isAlikeOf({ alike }, type)),
    };
  }

  /** `candidates`, of an event that is like those of which something is known already; in any order. */
  candidatesAfter({ found, asked, lookups }: Opening, look: Look): readonly number[] {
    let all = found;
    for (const { read, index } of lookups) {
      const text = read(look);
      if (text !== '') all = this.#merge(all, index.find(text), look);
    }
    return this.#merge(all, asked, look);
  }

  #may(position: number, look: Look): boolean {
    return this.#screens[position]?.may(look) === true;
  }

  #merge(found: readonly number[], more: readonly number[], look: Look): readonly number[] {
    let all = found;
    for (const position of more) {
      if (!all.includes(position) && this.#may(position, look)) all = [...all, position];
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
      lookupOf(index.lookups, field).add({ is, text, part: field.part }, position);
    }
  }
}

function lookupOf(lookups: Lookup[], { whole, alike }: RawField): TextIndex {
  let lookup = lookups.find(({ read }) => read === whole);
  if (lookup === undefined) {
    lookup = { read: whole as Lookup['read'], index: new TextIndex(), alike };
    lookups.push(lookup);
  }
  return lookup.index;
}

/** Whether nothing but the event decides what a policy has to say. */
const isPlain = ({ appliesTo, rules, policy: { spec } }: CompiledPolicy): boolean =>
  appliesTo === undefined &&
  rules.every(({ each, list }) => each === undefined && list === undefined) &&
  Object.keys(spec.match).every((part) => part === 'events' || part === 'conditions');

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

function screenOfAll(expressions: readonly Node[] | undefined, names: Names): Screen {
  const always = { may: () => true, reads: [] };
  const screens = expressions?.map((node) => screenOf(node, names));
  if (screens === undefined) return always;
  const tests = screens.flatMap(({ may }) => may ?? []);
  if (tests.length < screens.length) return always;
  const reads = screens.flatMap((screen) => screen.reads ?? []);
  const [only, ...others] = tests;
  return { reads, may: only !== undefined && others.length === 0 ? only : (look) => tests.some((test) => test(look)) };
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
