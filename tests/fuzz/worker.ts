import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { checkInput } from './check-input.ts';
import { makeInput } from './make-input.ts';
import { minimize } from './minimize.ts';
import { type Recipe, recipes } from './random-steps.ts';
import { readCorpus } from './read-corpus.ts';
import { SharedInput } from './shared-input.ts';
import type { Seed } from './target.ts';
import { targets } from './targets.ts';

/** What the thread is told. */
export interface WorkerTask {
  target: string;
  /** Inputs are always the same for the same number. */
  seed: number;
  runs: number;
  /** Time, as `Date.now()` tells it, after which nothing new is tried. */
  until: number;
  memory: SharedArrayBuffer;
  /** Folder whose files are seeds too. */
  corpus?: string;
}

/** What it answers: `failure` is absent where every promise was kept. */
export interface WorkerAnswer {
  runs: number;
  failure?: { broken: string; input: Seed };
}

const BATCH = 500;

const task = workerData as WorkerTask;
const target = targets.find(({ name }) => name === task.target)!;
const shared = new SharedInput(task.memory);
parentPort!.postMessage(await fuzz());

async function fuzz(): Promise<WorkerAnswer> {
  const seeds = [...target.seeds(), ...(task.corpus === undefined ? [] : readCorpus(task.corpus, target))];
  let runs = 0;
  for (let batch = 0; runs < task.runs && Date.now() < task.until; batch++) {
    const numRuns = Math.min(BATCH, task.runs - runs);
    const promise = fc.asyncProperty(recipes, async (recipe) => {
      if (Date.now() >= task.until) return;
      const broken = await tryRecipe(seeds, recipe);
      if (broken !== undefined) throw new Error(broken);
    });
    const { failed, counterexample, numRuns: done } = await fc.check(promise, { seed: task.seed + batch, numRuns });
    runs += done;
    if (!failed || counterexample === null) continue;
    const input = makeInput(seeds, counterexample[0]);
    const broken = (await checkInput(target, input)) ?? 'broke a promise once, and kept it when it was tried again';
    return { runs, failure: { broken, input: await minimize(target, input, broken) } };
  }
  return { runs };
}

function tryRecipe(seeds: Seed[], recipe: Recipe): Promise<string | undefined> {
  const input = makeInput(seeds, recipe);
  shared.write(input);
  return checkInput(target, input);
}
