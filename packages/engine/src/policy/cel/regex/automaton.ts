import { type Instruction, OTHER, SYMBOLS } from './program.ts';

const DEAD = 0;
const ACCEPTED = 1;
const UNBUILT = -1;
const MAX_STATES = 500;
/** An s and a k in any case, as Unicode folds them. */
const LONG_S = 0x17f;
const KELVIN = 0x212a;

interface State {
  /** Instructions that wait for a symbol or for the end, in order. */
  waiting: number[];
  acceptsAtEnd: boolean;
}

/**
 * A deterministic automaton built while it runs: one table look-up a character. Answers `undefined` where it cannot
 * say: characters of two UTF-16 units, or more states than are kept.
 */
export class Automaton {
  readonly #instructions: Instruction[];
  readonly #start: number;
  readonly #folds: boolean;
  readonly #classOf = new Uint8Array(SYMBOLS);
  readonly #classes: number;
  readonly #states: State[] = [];
  readonly #byKey = new Map<string, number>();
  #table: Int16Array;
  readonly #first: number;

  /** @param folds whether case does not count: two characters beyond ASCII are then letters of ASCII too. */
  constructor(instructions: Instruction[], start: number, folds = false) {
    this.#instructions = instructions;
    this.#folds = folds;
    this.#start = start;
    this.#classes = this.#partition();
    this.#table = new Int16Array(16 * this.#classes).fill(UNBUILT);
    this.#states.push({ waiting: [], acceptsAtEnd: false }, { waiting: [], acceptsAtEnd: true });
    this.#first = this.#state(this.#close([start], true), true);
  }

  /** Whether the pattern occurs anywhere in the text. */
  test(text: string): boolean | undefined {
    const classOf = this.#classOf;
    const classes = this.#classes;
    let table = this.#table;
    let state = this.#first;
    for (let index = 0; index < text.length; index++) {
      if (state <= ACCEPTED) return state === ACCEPTED;
      const code = text.charCodeAt(index);
      if (code >= 0xd800 && code <= 0xdfff) return undefined;
      if (this.#folds && (code === LONG_S || code === KELVIN)) return undefined;
      const symbol = Math.min(code, OTHER);
      const entry = state * classes + (classOf[symbol] as number);
      let next = table[entry] as number;
      if (next === UNBUILT) {
        if (this.#states.length >= MAX_STATES) return undefined;
        next = this.#step(state, symbol);
        table = this.#table;
        table[entry] = next;
      }
      state = next;
    }
    return (this.#states[state] as State).acceptsAtEnd;
  }

  /** Groups symbols that no set tells apart, so that the table stays small. */
  #partition(): number {
    const sets = this.#instructions.flatMap((instruction) => (instruction.kind === 'set' ? [instruction.symbols] : []));
    const classes = new Map<string, number>();
    for (let symbol = 0; symbol < SYMBOLS; symbol++) {
      const signature = sets.map((symbols) => symbols[symbol]).join('');
      const known = classes.get(signature) ?? classes.size;
      classes.set(signature, known);
      this.#classOf[symbol] = known;
    }
    return classes.size;
  }

  #step(from: number, symbol: number): number {
    const targets: number[] = [];
    for (const waiting of (this.#states[from] as State).waiting) {
      const instruction = this.#instructions[waiting];
      if (instruction?.kind === 'set' && instruction.symbols[symbol] === 1) targets.push(instruction.next);
    }
    targets.push(this.#start);
    return this.#state(this.#close(targets, false), false);
  }

  /** What can be reached without reading; `undefined` as soon as that is a match. */
  #close(from: number[], atBegin: boolean, atEnd = false): number[] | undefined {
    const seen = new Set<number>();
    const waiting: number[] = [];
    const open = [...from];
    while (open.length > 0) {
      const current = open.pop() as number;
      if (seen.has(current)) continue;
      seen.add(current);
      const instruction = this.#instructions[current] as Instruction;
      if (instruction.kind === 'match') return undefined;
      if (instruction.kind === 'split') open.push(instruction.next, instruction.other);
      else if (instruction.kind === 'begin') {
        if (atBegin) open.push(instruction.next);
      } else if (instruction.kind === 'end' && atEnd) open.push(instruction.next);
      else waiting.push(current);
    }
    return waiting.sort((a, b) => a - b);
  }

  #state(waiting: number[] | undefined, atBegin: boolean): number {
    if (waiting === undefined) return ACCEPTED;
    if (waiting.length === 0) return DEAD;
    const key = `${atBegin}:${waiting.join(',')}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const acceptsAtEnd = this.#close(waiting, atBegin, true) === undefined;
    const index = this.#states.push({ waiting, acceptsAtEnd }) - 1;
    if ((index + 1) * this.#classes > this.#table.length) this.#grow();
    this.#byKey.set(key, index);
    return index;
  }

  #grow(): void {
    const larger = new Int16Array(this.#table.length * 2).fill(UNBUILT);
    larger.set(this.#table);
    this.#table = larger;
  }
}
