import { MATCH, SEARCH, traverse } from '../cost/prices.ts';
import { type Frame, labour, traversal } from '../frame.ts';
import { sizeOfMap } from '../maps.ts';
import { compilePattern, isCompiled } from '../regex/index.ts';
import { codePointLength } from '../strings.ts';
import { A, B, BOOL, BYTES, INT, listOf, mapOf, STRING } from '../types.ts';
import { CelError, type CelMap, type Value } from '../values.ts';
import { type FunctionDeclaration, global, member } from './declaration.ts';

/** Work of compiling a pattern that is only known in evaluation: some hundred of them end it. */
const COMPILE_WORK = 2_000;

/** A pattern that is only known in evaluation. */
export function patternOf(frame: Frame, pattern: string): ReturnType<typeof compilePattern> {
  if (!isCompiled(pattern)) labour(frame, COMPILE_WORK + pattern.length * 10);
  return compilePattern(pattern);
}

function matches(frame: Frame, text: string, pattern: string): Value {
  const compiled = patternOf(frame, pattern);
  if (compiled instanceof CelError) return compiled;
  labour(frame, traversal(text.length + 1) * compiled.weight);
  return compiled.test(text);
}

const sizes = (['global', 'member'] as const).flatMap((style) => {
  const declare = style === 'global' ? global : member;
  return [
    declare('size', [STRING], INT, (_, text: string) => codePointLength(text)),
    declare('size', [BYTES], INT, (_, bytes: Uint8Array) => bytes.length),
    declare('size', [listOf(A)], INT, (_, list: readonly unknown[]) => list.length),
    declare('size', [mapOf(A, B)], INT, (_, map: CelMap) => sizeOfMap(map)),
  ];
});

/** The standard functions on strings and sizes. */
export const STRING_FUNCTIONS: FunctionDeclaration[] = [
  ...sizes,
  member('startsWith', [STRING, STRING], BOOL, (_, a: string, b: string) => a.startsWith(b), traverse(1)),
  member('endsWith', [STRING, STRING], BOOL, (_, a: string, b: string) => a.endsWith(b), traverse(1)),
  member('contains', [STRING, STRING], BOOL, (_, a: string, b: string) => a.includes(b), SEARCH),
  member('matches', [STRING, STRING], BOOL, matches, MATCH),
  global('matches', [STRING, STRING], BOOL, matches, MATCH),
];
