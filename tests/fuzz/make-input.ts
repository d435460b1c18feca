import { LARGEST, mutateBytes } from './mutate-bytes.ts';
import { mutateTree } from './mutate-tree.ts';
import type { Recipe } from './random-steps.ts';
import type { Seed } from './target.ts';

/** Trees of larger inputs are left as they are: reading and writing them again would take most of the time. */
const LARGEST_TREE = 64 * 1024;

/** The input of a recipe: always the same for the same seeds. */
export function makeInput(seeds: readonly Seed[], recipe: Recipe): Seed {
  const seed = seeds[recipe.seed % seeds.length]!;
  let bytes: Buffer = Buffer.from(seed.bytes).subarray(0, LARGEST);
  for (const step of recipe.steps) {
    const other = seeds[step.pick % seeds.length]!.bytes;
    const tree =
      step.kind % 3 === 0 && bytes.length <= LARGEST_TREE && other.length <= LARGEST_TREE
        ? mutateTree(bytes.toString('utf8'), step, Buffer.from(other).toString('utf8'))
        : undefined;
    bytes = tree === undefined ? mutateBytes(bytes, step, other) : Buffer.from(tree).subarray(0, LARGEST);
  }
  return { label: seed.label, bytes };
}
