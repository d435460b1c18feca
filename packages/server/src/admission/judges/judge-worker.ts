import { Worker } from 'node:worker_threads';
import type { LastGood } from '@breakwater/app/admission';
import { UserError } from '@breakwater/model';
import { YOUNG_MEMORY } from './memory.ts';
import type { JudgeAnswer, JudgeRequest, JudgeSetup, Opened } from './messages.ts';
import type { Task } from './task.ts';

/** What a thread tells whoever gives it work. */
export interface JudgeWorkerEvents {
  /** It can take work, or more of it. */
  onFree(): void;
  /** It opened its files after it had ended, and judges again. */
  onRestart(opened: Opened): void;
  /** It ended: the first task is what it was at, and the others did not come to their turn. */
  onLost(tasks: readonly Task[], why: string): void;
}

/** Milliseconds until a thread that ended is started again: the first time, and at most. */
const REST = 250;
const LONGEST_REST = 30_000;
/** Milliseconds at one task, of which nearly all take less than one. */
const LATE = 2;

const BROKEN = 'the thread that judges broke down';

interface Opening {
  resolve(opened: Opened): void;
  reject(error: Error): void;
}

/** A thread that judges reviews one after the other. It is started again when it ends, however it ended. */
export class JudgeWorker {
  readonly #setup: () => JudgeSetup;
  readonly #events: JudgeWorkerEvents;
  readonly #memory: number;
  readonly #tasks = new Map<number, Task>();
  #worker: Worker | undefined;
  #opening: Opening | undefined;
  #isOpen = false;
  #isReady = false;
  #isClosed = false;
  #failures = 0;
  #again: NodeJS.Timeout | undefined;
  #since = 0;

  /** @param memory MiB of what lives long in it: one that needs more is ended, and the process goes on. */
  constructor(setup: () => JudgeSetup, events: JudgeWorkerEvents, memory: number) {
    this.#setup = setup;
    this.#events = events;
    this.#memory = memory;
  }

  /** Whether it takes work now. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Whether it can be counted on to take work soon. */
  get isComing(): boolean {
    return this.#isReady || (this.#isOpen && this.#failures < 2);
  }

  /** Tasks that it has and did not answer yet. */
  get load(): number {
    return this.#tasks.size;
  }

  get hasLarge(): boolean {
    for (const { isLarge } of this.#tasks.values()) if (isLarge) return true;
    return false;
  }

  /** Whether it has been at one task for longer than tasks take: its heap is being cleared, or the task is a costly one. */
  get isLate(): boolean {
    return this.#tasks.size > 0 && performance.now() - this.#since > LATE;
  }

  /** Starts it. Rejects where its files cannot be opened; it is not tried again then. */
  start(): Promise<Opened> {
    const opened = this.#expectOpened();
    this.#run();
    return opened;
  }

  /** Has it open its files anew. It takes no work meanwhile. Rejects where it goes on by what it had. */
  async open(lastGood: LastGood | undefined): Promise<Opened> {
    if (!this.#isReady) throw new Error(BROKEN);
    this.#isReady = false;
    const opened = this.#expectOpened();
    this.#send({ kind: 'open', lastGood });
    return await opened;
  }

  judge(task: Task): void {
    if (this.#tasks.size === 0) this.#since = performance.now();
    this.#tasks.set(task.id, task);
    const { id, body, answers } = task;
    this.#send({ kind: 'judge', id, body, answers });
  }

  /** Ends it where it has been at one task for longer than that, in milliseconds. */
  endStuck(longest: number): void {
    if (this.#tasks.size > 0 && performance.now() - this.#since > longest) this.#lose('it took too long');
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isReady = false;
    clearTimeout(this.#again);
    await this.#worker?.terminate();
  }

  #expectOpened(): Promise<Opened> {
    return new Promise((resolve, reject) => {
      this.#opening = { resolve, reject };
    });
  }

  #send(request: JudgeRequest): void {
    this.#worker?.postMessage(request);
  }

  #run(): void {
    const worker = new Worker(new URL('./judge-thread.ts', import.meta.url), {
      workerData: this.#setup(),
      resourceLimits: { maxOldGenerationSizeMb: this.#memory, maxYoungGenerationSizeMb: YOUNG_MEMORY },
    });
    this.#worker = worker;
    worker.unref();
    worker.on('message', (answer: JudgeAnswer) => {
      if (worker === this.#worker) this.#take(answer);
    });
    worker.on('error', (error) => {
      console.error(error);
      if (worker === this.#worker) this.#lose(BROKEN);
    });
    worker.on('exit', () => {
      if (worker === this.#worker) this.#lose(BROKEN);
    });
  }

  #take(answer: JudgeAnswer): void {
    if (answer.kind === 'judged' || answer.kind === 'not-judged') {
      const task = this.#tasks.get(answer.id);
      this.#tasks.delete(answer.id);
      this.#since = performance.now();
      if (answer.kind === 'judged') task?.resolve(answer.found);
      else task?.reject(new Error('a fault of breakwater'));
    } else if (answer.kind === 'opened') this.#takeUp(answer.opened);
    else this.#stayAsItWas(answer);
    if (this.#isReady) this.#events.onFree();
  }

  #takeUp(opened: Opened): void {
    this.#isOpen = true;
    this.#isReady = true;
    this.#failures = 0;
    if (this.#opening === undefined) this.#events.onRestart(opened);
    else this.#opening.resolve(opened);
    this.#opening = undefined;
  }

  /** A thread that never opened anything has nothing to go on by. */
  #stayAsItWas({ message, code, hint }: Extract<JudgeAnswer, { kind: 'not-opened' }>): void {
    this.#opening?.reject(new UserError(message, { code, ...(hint !== undefined && { hint }) }));
    this.#opening = undefined;
    if (this.#isOpen) this.#isReady = true;
    else this.#lose(message);
  }

  /** Ends what is left of it, hands its work back, and plans its next start. */
  #lose(why: string): void {
    if (this.#isClosed) return;
    const worker = this.#worker;
    this.#worker = undefined;
    this.#isReady = false;
    void worker?.terminate();
    this.#opening?.reject(new Error(why));
    this.#opening = undefined;
    const tasks = [...this.#tasks.values()];
    this.#tasks.clear();
    const rest = Math.min(LONGEST_REST, REST * 2 ** this.#failures++);
    this.#again = setTimeout(() => this.#run(), rest);
    this.#again.unref();
    this.#events.onLost(tasks, why);
  }
}
