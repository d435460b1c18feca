import type { LastGood } from '@breakwater/app/admission';
import { JudgeWorker } from './judge-worker.ts';
import type { FoundReview, JudgeSetup, Opened } from './messages.ts';
import { openQueues } from './queues.ts';
import type { Task } from './task.ts';

/** Threads that judge, and the work that waits for them. */
export interface Pool {
  /** Starts the first thread, and the others after it. Rejects where the first cannot open its files. */
  start(): Promise<Opened>;
  /** Has one thread after the other open its files anew. Rejects where the first that does cannot use them. */
  open(lastGood: LastGood | undefined): Promise<Opened>;
  /** Gives a review to the next thread that is free. Rejects with a short reason where it came to nothing. */
  judge(review: Pick<Task, 'body' | 'answers' | 'isLarge'>): { found: Promise<FoundReview>; giveUp(): void };
  /** Settled when every thread was ready once, or could not be. */
  whole: Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds that a thread may be at one review. */
const LONGEST = 3_000;
/** Threads that may end under a review that was not even their first. */
const MOST_TRIES = 2;

/**
 * @param memory of each thread, in MiB.
 * @param onRestart told what a thread opened that was started again.
 */
export function openPool(
  setup: () => JudgeSetup,
  { threads, memory }: { threads: number; memory: number },
  onRestart: (opened: Opened) => void,
): Pool {
  const workers: JudgeWorker[] = [];
  const queues = openQueues(workers);
  /** How often files were opened anew, and when each thread began to read them. */
  let opens = 0;
  const readAt = new Map<JudgeWorker, number>();
  let last = 0;
  let settle = () => {};
  const whole = new Promise<void>((resolve) => {
    settle = resolve;
  });

  for (let index = 0; index < threads; index++) {
    const worker: JudgeWorker = new JudgeWorker(
      () => {
        readAt.set(worker, opens);
        return setup();
      },
      {
        onFree: queues.dispatch,
        onRestart(opened) {
          onRestart(opened);
          catchUp(worker);
        },
        onLost,
      },
      memory,
    );
    workers.push(worker);
  }
  const watching = setInterval(() => {
    for (const worker of workers) worker.endStuck(LONGEST);
  }, LONGEST / 10);
  watching.unref();

  /** Files that changed while a thread was starting are read again. */
  function catchUp(worker: JudgeWorker): void {
    if (readAt.get(worker) === opens) return;
    readAt.set(worker, opens);
    worker.open(setup().lastGood).catch((error: unknown) => console.error(error));
  }

  function onLost([culprit, ...others]: readonly Task[], why: string): void {
    culprit?.reject(new Error(why));
    for (const task of others.toReversed()) {
      if (++task.tries >= MOST_TRIES) task.reject(new Error(why));
      else queues.putBack(task);
    }
    queues.dispatch();
  }

  return {
    whole,
    async start() {
      const [first, ...others] = workers as [JudgeWorker, ...JudgeWorker[]];
      const opened = await first.start();
      const starting = others.map((worker) => worker.start().then(() => catchUp(worker)));
      void Promise.allSettled(starting).then(settle);
      return opened;
    },
    async open(lastGood) {
      opens++;
      const [first, ...others] = workers.filter((worker) => worker.isReady).toReversed();
      if (first === undefined) throw new Error('no thread judges now');
      const opened = await first.open(lastGood);
      readAt.set(first, opens);
      for (const worker of others) {
        readAt.set(worker, opens);
        await worker.open(opened.lastGood).catch((error: unknown) => console.error(error));
      }
      return opened;
    },
    judge(review) {
      let task: Task | undefined;
      const found = new Promise<FoundReview>((resolve, reject) => {
        task = { ...review, id: ++last, tries: 0, resolve, reject };
        queues.add(task);
      });
      return { found, giveUp: () => queues.drop(task as Task) };
    },
    async close() {
      clearInterval(watching);
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}
