import { RE2JS } from 're2js';
import { CelError } from '../values.ts';
import { Automaton } from './automaton.ts';
import { foldsCase, parsePattern } from './parse.ts';
import { assemble } from './program.ts';

/** A compiled pattern; matching takes time linear in the text. */
export interface CompiledPattern {
  /** Whether the pattern occurs anywhere in the text. */
  test(text: string): boolean;
  /** Factor on the work of reading the text, 1 for an automaton. */
  readonly weight: number;
}

const MAX_CACHED = 500;
const cache = new Map<string, CompiledPattern | CelError>();

/**
 * Compiles a pattern of RE2's syntax. What the automaton of ours knows runs there (some 2 ns a character); the rest,
 * and texts it cannot judge, go to RE2, ten times slower and linear too.
 */
export function compilePattern(source: string): CompiledPattern | CelError {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const compiled = build(source);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(source, compiled);
  return compiled;
}

function build(source: string): CompiledPattern | CelError {
  const pattern = parsePattern(source);
  const program = pattern && assemble(pattern);
  if (program === undefined) {
    try {
      const expression = RE2JS.compile(source);
      const weight = Math.max(1, Math.ceil(expression.programSize() / 10));
      return { test: (text) => expression.matcher(text).find(), weight };
    } catch (error) {
      return new CelError(`not a regular expression: ${error instanceof Error ? error.message.slice(0, 200) : ''}`);
    }
  }
  const automaton = new Automaton(program.instructions, program.start, foldsCase(source));
  let expression: RE2JS | undefined;
  return {
    weight: 1,
    test(text) {
      const answer = automaton.test(text);
      if (answer !== undefined) return answer;
      expression ??= RE2JS.compile(source);
      return expression.matcher(text).find();
    },
  };
}

/** Whether compiling it again costs nothing. */
export const isCompiled = (source: string): boolean => cache.has(source);

/** The parts of a text that match, from left to right, at most so many; the pattern must compile. */
export function findMatches(text: string, source: string, most: number): string[] {
  const found: string[] = [];
  const matcher = RE2JS.compile(source).matcher(text);
  while (found.length < most && matcher.find()) found.push(matcher.group() ?? '');
  return found;
}
