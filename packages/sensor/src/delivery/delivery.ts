import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RuntimeEvent } from '@breakwater/model';
import { RepeatFolder } from './fold-repeats.ts';
import type { ServerAddress } from './post-batch.ts';
import { Sender } from './sender.ts';
import { Spool } from './spool.ts';

export interface DeliveryOptions {
  /** Folder of the spool. */
  folder: string;
  server: ServerAddress;
  /** Gives the key, read anew for each try. */
  key(): string;
  /** Name of this host, for losses of our own. */
  node: string;
  /** Bytes of the spool, by default 268,435,456. */
  mostBytes?: number | undefined;
  /** Takes what a person should read; each trouble is said once. */
  report(line: string): void;
  /** Milliseconds between two batches, by default 1,000, and before the first try again. */
  every?: number;
  firstWait?: number;
}

/** How delivery stands. */
export interface DeliveryState {
  /** Events that wait on the disk. */
  waiting: number;
  /** Events that found no room, on the disk or before it. */
  lost: number;
  /** Whether the server has all that was taken. */
  isDone: boolean;
}

/** Takes events to a server. */
export interface Delivery {
  take(event: RuntimeEvent): void;
  state(): DeliveryState;
  /** Puts on the disk what is not there yet, and gives the server a last moment to take it. */
  close(): Promise<void>;
}

const MOST_BYTES = 256 * 1024 * 1024;
const EVERY = 1_000;
/** Characters of events that wait for the disk, and of one batch. */
const MOST_PENDING = 8 * 1024 * 1024;
const BATCH = 1024 * 1024;
const SMALLEST_BATCH = 16 * 1024;
const LAST_MOMENT = 3_000;
/** Room for the line that tells of a loss. */
const LOSS_LINE = 512;
/** Milliseconds between two words about losses. */
const SILENCE = 60_000;
const pack = promisify(gzip);

/** Opens the spool and goes on sending what is in it. @throws {UserError} where the spool cannot be used */
export async function openDelivery(options: DeliveryOptions): Promise<Delivery> {
  const { folder, mostBytes = MOST_BYTES, server, key, report, firstWait } = options;
  const spool = await Spool.open({ folder, mostBytes });
  const sender = new Sender({ spool, server, key, report, ...(firstWait !== undefined && { firstWait }) });
  return new SpooledDelivery(spool, sender, options);
}

/** An event as it is sent, and how many events it stands for: those that repeat, or that it says were lost. */
interface Line {
  text: string;
  events: number;
}

class SpooledDelivery implements Delivery {
  readonly #spool: Spool;
  readonly #sender: Sender;
  readonly #options: DeliveryOptions;
  readonly #folder = new RepeatFolder();
  readonly #timer: NodeJS.Timeout;
  #lines: Line[] = [];
  #characters = 0;
  /** Events that found no room and were not told of yet, less those that arrived after they were told of; and all that ever were. */
  #untold = 0;
  #lost = 0;
  #isDiskBad = false;
  #isFlushing = false;
  #batch = BATCH;
  #saidLossAt = 0;
  #flushing: Promise<void> = Promise.resolve();

  constructor(spool: Spool, sender: Sender, options: DeliveryOptions) {
    this.#spool = spool;
    this.#sender = sender;
    this.#options = options;
    this.#timer = setInterval(() => {
      if (!this.#isFlushing) void this.#flush();
    }, options.every ?? EVERY);
  }

  take(event: RuntimeEvent): void {
    const told = this.#folder.take(event, Date.now());
    if (told !== undefined) this.#add(told);
    // A disk that takes nothing is asked again by the clock only.
    if (this.#characters >= BATCH && !this.#isFlushing && !this.#isDiskBad) void this.#flush();
  }

  #add(event: RuntimeEvent): void {
    const text = JSON.stringify(event);
    const events = event.type === 'loss' ? (event.lost ?? 1) : (event.count ?? 1);
    if (this.#characters + text.length > MOST_PENDING) {
      this.#untold += events;
      return;
    }
    this.#lines.push({ text, events });
    this.#characters += text.length + 1;
  }

  state(): DeliveryState {
    // Lines that are on their way to the disk are in neither list, but count until they are there.
    const isEmpty = this.#characters === 0 && this.#untold <= 0;
    return { waiting: this.#spool.waiting, lost: this.#lost + this.#untold, isDone: isEmpty && this.#sender.isIdle };
  }

  #flush(): Promise<void> {
    this.#isFlushing = true;
    this.#flushing = this.#flushing
      .then(() => this.#flushSome())
      .finally(() => {
        this.#isFlushing = false;
      });
    return this.#flushing;
  }

  async #flushSome(): Promise<void> {
    for (const event of this.#folder.due(Date.now())) this.#add(event);
    this.#tellLoss();
    while (this.#lines.length > 0) {
      const lines = this.#lines.splice(0, this.#countOfBatch());
      const payload = await pack(lines.map(({ text }) => `${text}\n`).join(''), { level: 1 });
      const events = lines.reduce((sum, line) => sum + line.events, 0);
      try {
        await this.#spool.append(payload, events);
      } catch (error) {
        this.#lines.unshift(...lines);
        this.#sayDisk(error as NodeJS.ErrnoException);
        // A smaller one may find room.
        if (this.#batch <= SMALLEST_BATCH) return;
        this.#batch /= 2;
        continue;
      }
      this.#batch = Math.min(BATCH, this.#batch * 2);
      this.#characters -= lines.reduce((sum, { text }) => sum + text.length + 1, 0);
      this.#sender.wake();
    }
    if (this.#untold <= 0) await this.#spool.settleDropped();
    if (this.#isDiskBad) this.#options.report('The spool takes events again.');
    this.#isDiskBad = false;
  }

  #countOfBatch(): number {
    let characters = 0;
    const end = this.#lines.findIndex(({ text }) => {
      characters += text.length + 1;
      return characters > this.#batch;
    });
    return end < 0 ? this.#lines.length : Math.max(1, end);
  }

  /** What was lost is told like what the kernel had no room for: nothing may be taken for not seen. */
  #tellLoss(): void {
    this.#untold += this.#spool.takeDropped() + this.#sender.takeGivenUp();
    const lost = this.#untold;
    if (lost <= 0 || this.#characters + LOSS_LINE > MOST_PENDING) return;
    this.#untold = 0;
    this.#lost += lost;
    const { node, report } = this.#options;
    this.#add({ source: 'sensor', time: new Date().toISOString(), type: 'loss', call: 'delivery', node, lost });
    const now = Date.now();
    if (now - this.#saidLossAt < SILENCE) return;
    this.#saidLossAt = now;
    report(`There is no room for all events: ${lost} were lost. The server is told how many.`);
  }

  #sayDisk(error: NodeJS.ErrnoException): void {
    if (!this.#isDiskBad) {
      this.#options.report(
        `Events cannot be kept in ${this.#options.folder} (${error.code ?? error.message}): they wait in memory, and what finds no room there is lost.`,
      );
    }
    this.#isDiskBad = true;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const event of this.#folder.due(Date.now(), true)) this.#add(event);
    await this.#flush();
    const until = Date.now() + LAST_MOMENT;
    while (!this.#sender.isIdle && !this.#sender.isTroubled && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await this.#sender.close();
    await this.#spool.close();
  }
}
