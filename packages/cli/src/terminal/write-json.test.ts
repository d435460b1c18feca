import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonPieces } from './write-json.ts';

it('writes what JSON.stringify does', () => {
  const field = fc.oneof(
    fc.jsonValue(),
    fc.constant(undefined),
    fc.array(fc.oneof(fc.jsonValue(), fc.constant(undefined))),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), field), (value) => {
      expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value, undefined, 2));
    }),
  );
});

it('gives a long list in pieces', () => {
  const value = { targets: Array.from({ length: 5_000 }, (_, index) => ({ target: `file-${index}.yaml` })) };
  const pieces = [...jsonPieces(value)];
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.join('')).toBe(JSON.stringify(value, undefined, 2));
});

it('writes a list as a list, and a long one in pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (value) => {
      expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value, undefined, 2));
    }),
  );
  const long = Array.from({ length: 5_000 }, (_, index) => ({ target: `file-${index}.yaml` }));
  expect([...jsonPieces(long)].length).toBeGreaterThan(2);
});
