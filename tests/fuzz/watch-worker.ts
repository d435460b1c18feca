import { Worker } from 'node:worker_threads';
import { SharedInput } from './shared-input.ts';
import type { WorkerAnswer, WorkerTask } from './worker.ts';

/** Milliseconds of CPU of the process that may pass with one input: wall time says little on a busy machine. */
const PATIENCE = 30_000;
/** And of wall time, for what waits for ever. */
const PATIENCE_ON_WALL = 600_000;
const HEAP_MIB = 768;
/** Memory of the process: what a parser may take, beside the fuzzer itself. */
const LARGEST_MEMORY = 2 * 1024 ** 3;
const LOOK_MS = 200;

/** Fuzzes one target on a thread, and ends it where it hangs or takes too much memory. */
export function watchWorker(task: Omit<WorkerTask, 'memory'>): Promise<WorkerAnswer> {
  const shared = new SharedInput();
  const workerData: WorkerTask = { ...task, memory: shared.memory };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
  });
  return new Promise((resolve) => {
    let last = { count: 0, cpu: cpuTime(), since: performance.now() };
    const finish = (answer: WorkerAnswer): void => {
      clearInterval(look);
      void worker.terminate();
      resolve(answer);
    };
    const fail = (broken: string): void => finish({ runs: shared.count, failure: { broken, input: shared.read() } });
    const look = setInterval(() => {
      if (shared.count !== last.count) last = { count: shared.count, cpu: cpuTime(), since: performance.now() };
      const waited = performance.now() - last.since;
      const worked = cpuTime() - last.cpu;
      if (shared.count > 0 && (worked > PATIENCE || waited > PATIENCE_ON_WALL))
        fail(`hung for ${Math.round(waited / 1000)} s, of which ${Math.round(worked / 1000)} s at work`);
      else if (process.memoryUsage.rss() > LARGEST_MEMORY) fail('took more than 2 GiB of memory');
    }, LOOK_MS);
    worker.once('message', finish);
    worker.once('error', (error) => fail(`ended the thread: ${error instanceof Error ? error.stack : String(error)}`));
  });
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
