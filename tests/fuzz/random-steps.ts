import fc from 'fast-check';

/** One change of an input. What its numbers mean is up to the kind; every number is valid, so that shrinking can try any. */
export interface Step {
  kind: number;
  at: number;
  length: number;
  pick: number;
}

/** How an input is made: which seed, and what is done to it. */
export interface Recipe {
  seed: number;
  steps: Step[];
}

const any = fc.nat(0x7fffffff);
/** Mostly small, now and then huge. */
const length = fc.oneof({ weight: 6, arbitrary: fc.nat(16) }, { weight: 2, arbitrary: fc.nat(512) }, fc.nat(65_536));

const step: fc.Arbitrary<Step> = fc.record({ kind: any, at: any, length, pick: any });

/** Recipes of up to a dozen steps, most of few: an input far from any seed is refused at the first byte. */
export const recipes: fc.Arbitrary<Recipe> = fc.record({
  seed: any,
  steps: fc.array(step, { minLength: 0, maxLength: 12, size: 'max' }),
});
