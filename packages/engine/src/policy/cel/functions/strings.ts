import { charge, type Frame, labour, traversal } from '../frame.ts';
import { sizeOfMap } from '../maps.ts';
import { compilePattern, isCompiled } from '../regex/index.ts';
import { codePointLength } from '../strings.ts';
import { CelError, CelMap, isJsonMap, noSuchOverload, type Value } from '../values.ts';
import { type FunctionDeclaration, global, member } from './declaration.ts';

/** Work of compiling a pattern that is only known in evaluation: some hundred of them end it. */
const COMPILE_WORK = 2_000;

function size(frame: Frame, value: Value): Value {
  frame.cost++;
  if (typeof value === 'string') return codePointLength(value);
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  return value instanceof CelMap || isJsonMap(value) ? sizeOfMap(value) : noSuchOverload('size', value);
}

/** A test of a string that goes through one string. */
const test = (name: string, decide: (text: string, part: string) => boolean): FunctionDeclaration =>
  member(name, 2, (frame, text, part) => {
    if (typeof text !== 'string' || typeof part !== 'string') return noSuchOverload(name, text, part);
    charge(frame, traversal(part.length));
    return decide(text, part);
  });

function matches(frame: Frame, text: Value, pattern: Value): Value {
  if (typeof text !== 'string' || typeof pattern !== 'string') return noSuchOverload('matches', text, pattern);
  const length = traversal(text.length + 1);
  charge(frame, length * Math.ceil(pattern.length / 4));
  if (!isCompiled(pattern)) labour(frame, COMPILE_WORK + pattern.length * 10);
  const compiled = compilePattern(pattern);
  if (compiled instanceof CelError) return compiled;
  labour(frame, length * compiled.weight);
  return compiled.test(text);
}

/** The standard functions on strings and sizes. */
export const STRING_FUNCTIONS: FunctionDeclaration[] = [
  global('size', 1, size),
  member('size', 1, size),
  test('startsWith', (text, part) => text.startsWith(part)),
  test('endsWith', (text, part) => text.endsWith(part)),
  member('contains', 2, (frame, text, part) => {
    if (typeof text !== 'string' || typeof part !== 'string') return noSuchOverload('contains', text, part);
    charge(frame, traversal(text.length) * traversal(part.length));
    return text.includes(part);
  }),
  member('matches', 2, matches),
  global('matches', 2, matches),
];
