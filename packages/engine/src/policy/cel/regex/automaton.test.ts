import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { Automaton } from './automaton.ts';
import { foldsCase, parsePattern } from './parse.ts';
import { assemble } from './program.ts';

function automaton(source: string): Automaton | undefined {
  const pattern = parsePattern(source);
  const program = pattern && assemble(pattern);
  return program && new Automaton(program.instructions, program.start, foldsCase(source));
}

const ATOMS = [
  'a',
  'b',
  'c',
  '.',
  '[ab]',
  '[^a]',
  '[a-c]',
  '\\d',
  '\\w',
  '\\s',
  '\\W',
  '\\.',
  '^',
  '$',
  '[^-a]',
  '[]a]',
  '[\\d-]',
  '-',
  'é',
  'K',
  's',
  '[^K-S]',
];

describe('the automaton', () => {
  it('agrees with RE2 on every pattern that it takes', () => {
    const pattern = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(...ATOMS),
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a}|${b})`),
        fc
          .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?'))
          .map(([a, q]) => `(?:${a})${q}`),
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => `${a}|${b}`),
      ),
    })).node;
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', 'c', '1', '.', '-', ' ', '\n', 'é', 'A', 'k', 'S', 'ſ', '\u212a'),
      maxLength: 12,
    });
    let taken = 0;
    fc.assert(
      fc.property(fc.boolean(), pattern, text, (folds, plain, input) => {
        const source = folds ? `(?i)${plain}` : plain;
        const answer = automaton(source)?.test(input);
        if (answer === undefined) return;
        taken++;
        expect(answer, `${source} on ${JSON.stringify(input)}`).toBe(RE2JS.compile(source).matcher(input).find());
      }),
      { numRuns: 5000 },
    );
    expect(taken).toBeGreaterThan(2000);
  });

  it.each([
    'a(?i)b',
    '(?s)a',
    '\\bword',
    '\\pL',
    '[[:alpha:]]',
    'é',
    '(a',
    'a**',
    'a{2,1}',
    '[b-a]',
    '\\1',
    '*',
    'a{1001}',
    '(?P<n>a)',
    '\\Qa\\E',
    '\\C',
  ])('leaves %s to RE2', (source) => expect(automaton(source)).toBeUndefined());

  it('leaves letters that only Unicode folds into those of ASCII to RE2', () => {
    expect([automaton('(?i)^K$')?.test('k'), automaton('(?i)^K$')?.test('\u212a')]).toEqual([true, undefined]);
    expect(automaton('^K$')?.test('\u212a')).toBe(false);
  });

  it('does not judge characters of two units', () => {
    expect(automaton('^.$')?.test('😀')).toBeUndefined();
    expect(automaton('^.$')?.test('é')).toBe(true);
  });

  it('gives up rather than keep too many states', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => ((index * index * 31) % 7 > 3 ? 'a' : 'b')).join('');
    expect([undefined, true, false]).toContain(automaton('[ab]*a[ab]{14}c')?.test(text));
  });
});
