import type { JudgeWorker } from './judge-worker.ts';
import type { Task } from './task.ts';

/** Work that waits for a thread, small and large apart. */
export interface Queues {
  add(task: Task): void;
  /** To the front: a thread ended before it came to it. */
  putBack(task: Task): void;
  /** Nobody waits for it any more. */
  drop(task: Task): void;
  /** Gives out what can be given out. */
  dispatch(): void;
}

/** Reviews that a thread is given at once: enough that it never waits, few enough that another can take the rest. */
const DEPTH = 8;
/** Reviews that a thread may have before another one is asked to help. */
const KEEPS_UP = 4;

export function openQueues(workers: readonly JudgeWorker[]): Queues {
  const small: Task[] = [];
  const large: Task[] = [];
  const queueOf = ({ isLarge }: Task): Task[] => (isLarge ? large : small);

  /**
   * The first thread while it keeps up, for code runs faster where it often runs; else the one with the least to do. One
   * that is held up, or at a large review, is taken only where there is no other.
   */
  function forSmall(): JudgeWorker | undefined {
    let best: JudgeWorker | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const worker of workers) {
      const { load } = worker;
      if (!worker.isReady || load >= DEPTH) continue;
      const weight = worker.hasLarge || worker.isLate ? load + 2 * DEPTH : load;
      if (best === undefined && weight < KEEPS_UP) return worker;
      if (weight >= least) continue;
      best = worker;
      least = weight;
    }
    return best;
  }

  /** Always the same thread, one at a time; another one only while that one is not to be had. */
  function forLarge(): JudgeWorker | undefined {
    const own = workers.at(-1) as JudgeWorker;
    const chosen = own.isComing ? own : workers.find((worker) => worker.isReady);
    return chosen?.isReady && !chosen.hasLarge && chosen.load < DEPTH ? chosen : undefined;
  }

  function dispatch(): void {
    for (let worker = small.length > 0 ? forSmall() : undefined; worker !== undefined; ) {
      worker.judge(small.shift() as Task);
      worker = small.length > 0 ? forSmall() : undefined;
    }
    for (let worker = large.length > 0 ? forLarge() : undefined; worker !== undefined; ) {
      worker.judge(large.shift() as Task);
      worker = large.length > 0 ? forLarge() : undefined;
    }
  }

  return {
    dispatch,
    add(task) {
      queueOf(task).push(task);
      dispatch();
    },
    putBack: (task) => void queueOf(task).unshift(task),
    drop(task) {
      const index = queueOf(task).indexOf(task);
      if (index < 0) return;
      queueOf(task).splice(index, 1);
      task.reject(new Error('given up'));
    },
  };
}
