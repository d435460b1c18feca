import type { JsonFields } from '../json-fields.ts';
import type { Fields } from './line-reading.ts';
import { copyOf, type SharedParts } from './shared-parts.ts';

/** What a line was like once: its JSON, in which lines like it write what they say. */
export interface Shape<Owner> {
  owner: Owner;
  /** Of which line it is changes with each that is read. What nobody looks at stays as it was when it was learned. */
  json: JsonFields;
  /** Where values are written that are looked at, and which of those that were read. */
  places: readonly Place[];
}

/** A field of a shape's JSON, or a place in one of its lists; `index` counts the values of a line. */
export interface Place {
  holder: Record<string | number, unknown>;
  name: string | number;
  index: number;
}

/** What stands between two values of a line, and how the one behind it is read. */
export interface Step<Owner> {
  /** With the quote that begins the value, where it is a string. */
  before: string;
  kind: 'string' | 'number' | 'whole' | 'end';
  /** What may come next. */
  next: Step<Owner>[];
  /** How often what came here was seen before, of late. Without luck, nothing is remembered. */
  luck: number;
  /** Of wholes: those that were seen in such places, and which of their fields are looked at; without, none. */
  whole: { parts: SharedParts; fields: Fields | undefined } | undefined;
  /** What comes here as a rule, with what stands between it and the next value: both are compared at once. */
  ahead: Ahead<Owner> | undefined;
  /** What came last, and how often it came before that without a break. */
  last: unknown;
  again: number;
  /** Where lines end that came this way. */
  shape: Shape<Owner> | undefined;
}

export interface Ahead<Owner> {
  text: string;
  value: unknown;
  next: Step<Owner>;
  /** How often it came, of late. */
  trust: number;
}

const TRUST = 4;
/** Times in a row after which a value is the rule, and characters that it may have. */
const AGAIN = 2;
const LONGEST_AHEAD = 256;

/** Writes what was read of a line where it belongs. */
export function fill<Owner>(shape: Shape<Owner>, values: readonly unknown[]): Shape<Owner> {
  for (const { holder, name, index } of shape.places) holder[name] = values[index];
  return shape;
}

/** Notes what came, which stands between `from` and `at`: it is the rule where it comes again and again. */
export function expect<Owner>(
  step: Step<Owner>,
  value: unknown,
  next: Step<Owner>,
  text: string,
  from: number,
  at: number,
): void {
  step.again = step.last === value ? step.again + 1 : 0;
  step.last = value;
  if (step.again < AGAIN || step.kind === 'whole' || at - from > LONGEST_AHEAD) return;
  step.again = 0;
  step.ahead = { text: copyOf(text.slice(from, at + next.before.length)), value, next, trust: TRUST };
}

/** Which step a line takes: one at most, since what may come next never begins alike. */
export function stepAt<Owner>(steps: Step<Owner>[], text: string, at: number, end: number): Step<Owner> | undefined {
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index] as Step<Owner>;
    const behind = at + step.before.length;
    // Slices are compared many characters at a time, which `startsWith` is not.
    if (text.slice(at, behind) !== step.before || !fits(step, text, behind, end)) continue;
    if (index > 0) {
      steps[index] = steps[index - 1] as Step<Owner>;
      steps[index - 1] = step;
    }
    return step;
  }
  return undefined;
}

/** Whether what stands at `at`, behind the text of a step, is of its kind. */
export function fits<Owner>({ kind }: Step<Owner>, text: string, at: number, end: number): boolean {
  if (kind === 'string') return true;
  if (kind === 'end') return at === end;
  const code = text.charCodeAt(at);
  return kind === 'whole' ? code === 0x7b || code === 0x5b : code === 0x2d || (code >= 0x30 && code <= 0x39);
}
