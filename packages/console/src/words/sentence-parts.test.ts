import { describe, expect, it } from 'vitest';
import { sentenceParts, withoutSubject } from './sentence-parts.ts';

describe('sentenceParts', () => {
  it('stresses ids and deciding words, and shows backticks as code', () => {
    expect(sentenceParts('runs `a` with CVE-2021-44228, known exploited.')).toEqual([
      { kind: 'plain', text: 'runs ' },
      { kind: 'code', text: 'a' },
      { kind: 'plain', text: ' with ' },
      { kind: 'stress', text: 'CVE-2021-44228' },
      { kind: 'plain', text: ', ' },
      { kind: 'stress', text: 'known exploited' },
      { kind: 'plain', text: '.' },
    ]);
  });

  it('leaves names alone that hold such a word', () => {
    expect(sentenceParts('no-privileged-containers fails: it is privileged')).toEqual([
      { kind: 'plain', text: 'no-privileged-containers fails: it is ' },
      { kind: 'stress', text: 'privileged' },
    ]);
  });

  it('finds moments', () => {
    expect(sentenceParts('last seen 2026-08-23T10:05:00.000Z, then not')[1]).toEqual({
      kind: 'time',
      text: '2026-08-23T10:05:00.000Z',
    });
  });

  it('loses no character of a sentence without marks', () => {
    const sentence = 'An unfinished `mark stays as it is';
    expect(sentenceParts(sentence)).toEqual([{ kind: 'plain', text: sentence }]);
  });
});

describe('withoutSubject', () => {
  it('drops the name that the heading says', () => {
    expect(withoutSubject('shop/cart is reachable from the Internet', ['shop/cart'])).toBe(
      'Reachable from the Internet',
    );
    expect(withoutSubject('mounts the socket', ['shop/cart'])).toBe('Mounts the socket');
  });
});
