/** Symbols that automata tell apart: 128 of ASCII, and one for every other character. */
export const SYMBOLS = 129;
export const OTHER = 128;

export type Instruction =
  | { kind: 'set'; symbols: Uint8Array; next: number }
  | { kind: 'split'; next: number; other: number }
  | { kind: 'begin' | 'end'; next: number }
  | { kind: 'match' };

/** A pattern as a tree. Greed and groups are gone: only whether it matches is asked. */
export type Pattern =
  | { kind: 'set'; symbols: Uint8Array }
  | { kind: 'begin' | 'end' }
  | { kind: 'sequence' | 'choice'; parts: Pattern[] }
  | { kind: 'repeat'; part: Pattern; least: number; most: number };

const MAX_INSTRUCTIONS = 1_500;
/** Parts visited: `((){1000}){1000}` makes no instructions at all. */
const MAX_STEPS = 20_000;

/** Thompson's construction, from the end to the beginning; undefined where the automaton would be too large. */
export function assemble(pattern: Pattern): { instructions: Instruction[]; start: number } | undefined {
  const instructions: Instruction[] = [{ kind: 'match' }];
  let steps = 0;
  const isFull = (): boolean => instructions.length > MAX_INSTRUCTIONS || steps > MAX_STEPS;
  const add = (instruction: Instruction): number => instructions.push(instruction) - 1;

  function emit(part: Pattern, next: number): number {
    steps++;
    if (isFull()) return next;
    switch (part.kind) {
      case 'set':
        return add({ kind: 'set', symbols: part.symbols, next });
      case 'begin':
      case 'end':
        return add({ kind: part.kind, next });
      case 'sequence':
        return part.parts.reduceRight((following, item) => emit(item, following), next);
      case 'choice': {
        const starts = part.parts.map((item) => emit(item, next));
        return starts.reduceRight((other, start) => add({ kind: 'split', next: start, other }));
      }
      case 'repeat':
        return emitRepeat(part.part, part.least, part.most, next);
    }
  }

  function emitRepeat(part: Pattern, least: number, most: number, next: number): number {
    let following = next;
    if (most === Infinity) {
      const loop = add({ kind: 'split', next, other: next });
      instructions[loop] = { kind: 'split', next: emit(part, loop), other: next };
      following = loop;
    } else {
      for (let count = least; count < most && !isFull(); count++) {
        following = add({ kind: 'split', next: emit(part, following), other: next });
      }
    }
    for (let count = 0; count < least && !isFull(); count++) {
      following = emit(part, following);
    }
    return following;
  }

  const start = emit(pattern, 0);
  return isFull() ? undefined : { instructions, start };
}
