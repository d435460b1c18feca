import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkInput } from './check-input.ts';
import { makeInput } from './make-input.ts';
import { recipes } from './random-steps.ts';
import { targets } from './targets.ts';

const RUNS = 80;

describe('parsers of foreign input keep their promises', () => {
  it.each(targets.map((target) => [target.name, target] as const))('%s', async (_, target) => {
    const seeds = target.seeds();
    expect(seeds.length).toBeGreaterThan(0);
    const promise = fc.asyncProperty(recipes, async (recipe) => {
      expect(await checkInput(target, makeInput(seeds, recipe))).toBeUndefined();
    });
    await fc.assert(promise, { seed: 1, numRuns: RUNS });
  });
});
