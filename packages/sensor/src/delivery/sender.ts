import { setTimeout as wait } from 'node:timers/promises';
import { type Outcome, postBatch, type ServerAddress } from './post-batch.ts';
import type { SpoolRecord } from './record.ts';
import type { Spool } from './spool.ts';

export interface SenderOptions {
  spool: Spool;
  server: ServerAddress;
  /** Read before each try: a key may be exchanged while the sensor runs. @throws where there is none */
  key(): string;
  /** Takes what a person should read; each trouble is said once. */
  report(line: string): void;
  /** Milliseconds before the first try again; it doubles up to a minute. */
  firstWait?: number;
}

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;
/** Tries with a batch that the server finds unacceptable: it may have been broken on the way. */
const MOST_TRIES = 3;

/** Sends batches of a spool, the oldest first, each until the server says that it is stored. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #wake: (() => void) | undefined;
  #trouble = '';
  #tries = 0;
  #failures = 0;
  #givenUp = 0;
  #isIdle = false;
  /** Something was added since the spool was last looked at. */
  #hasMore = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** There is something to send. */
  wake(): void {
    this.#isIdle = false;
    this.#hasMore = true;
    this.#wake?.();
  }

  /** Whether all that there was is stored. */
  get isIdle(): boolean {
    return this.#isIdle;
  }

  /** Whether the server does not take anything now. */
  get isTroubled(): boolean {
    return this.#trouble !== '';
  }

  /** Events that the server would not take, since this was asked last. */
  takeGivenUp(): number {
    const count = this.#givenUp;
    this.#givenUp = 0;
    return count;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const pause = await this.#step().catch((error: Error) => this.#say(`The spool cannot be read: ${error.message}`));
      if (pause === 'nothing') await this.#sleep();
      else if (pause > 0) await wait(pause, undefined, { signal }).catch(() => {});
    }
  }

  /** Sends one batch; gives how long to wait after it. */
  async #step(): Promise<number | 'nothing'> {
    const { spool } = this.#options;
    this.#hasMore = false;
    const record = await spool.oldest();
    if (record === undefined) return 'nothing';
    const outcome = await this.#send(record);
    if (this.#stop.signal.aborted && outcome.kind !== 'stored') return 0;
    if (outcome.kind === 'stored') {
      await spool.forget(record);
      if (this.#trouble !== '') this.#options.report(`The server takes events again; ${spool.waiting} wait.`);
      [this.#trouble, this.#tries, this.#failures] = ['', 0, 0];
      return 0;
    }
    return await this.#troubled(record, outcome);
  }

  async #send(record: SpoolRecord): Promise<Outcome> {
    const { spool, server, key } = this.#options;
    let secret: string;
    try {
      secret = key();
    } catch (error) {
      return { kind: 'refused', reason: (error as Error).message };
    }
    const headers = {
      authorization: `Bearer ${secret}`,
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
      'breakwater-sensor': spool.sensor,
      'breakwater-sequence': String(record.sequence),
      'breakwater-oldest': String(spool.first),
      'breakwater-time': new Date().toISOString(),
    };
    return await postBatch(server, headers, record.payload, this.#stop.signal);
  }

  async #troubled(record: SpoolRecord, outcome: Exclude<Outcome, { kind: 'stored' }>): Promise<number> {
    const { spool, server } = this.#options;
    if (outcome.kind === 'unacceptable') {
      this.#tries += 1;
      if (this.#tries >= MOST_TRIES) {
        this.#options.report(
          `The server takes ${record.events} events by no means (${outcome.reason}): they are lost.`,
        );
        this.#givenUp += record.events;
        this.#tries = 0;
        await spool.forget(record);
        return 0;
      }
    } else if (outcome.kind === 'refused') {
      this.#say(
        `${server.url.host} refuses our events (${outcome.reason}). They are kept, and tried again each minute.`,
      );
      return LONGEST_WAIT;
    } else {
      this.#say(`${server.url.host} takes no events now (${outcome.reason}). They are kept until it does.`);
    }
    const longest = Math.min((this.#options.firstWait ?? FIRST_WAIT) * 2 ** Math.min(this.#failures, 16), LONGEST_WAIT);
    this.#failures += 1;
    // Sensors that lost their server at the same moment come back at different ones.
    const own = longest / 2 + Math.random() * (longest / 2);
    return Math.max(own, 'after' in outcome ? (outcome.after ?? 0) : 0);
  }

  #say(line: string): number {
    if (this.#trouble !== line) this.#options.report(line);
    this.#trouble = line;
    return this.#options.firstWait ?? FIRST_WAIT;
  }

  async #sleep(): Promise<void> {
    if (this.#hasMore) return;
    this.#isIdle = true;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#stop.signal.aborted) resolve();
    });
    this.#wake = undefined;
  }
}
