import type { Transform } from 'node:stream';
import type { Unpacker, Use } from './unpacker.ts';

/** Bytes that came out and were used, after which their memory is taken back. */
const GARBAGE = 16 * 1024 * 1024;

let used = 0;

/** One of Node's decompressing streams, written to a chunk at a time. What came out before a damage is still used. */
export class StreamUnpacker implements Unpacker {
  readonly #stream: Transform;
  readonly #done: Promise<void>;
  #using: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  #ended = false;

  constructor(stream: Transform, use: Use) {
    this.#stream = stream;
    this.#done = new Promise((resolve) => {
      const finish = (failure?: Error): void => {
        this.#failure ??= failure;
        this.#ended = true;
        resolve();
      };
      stream.once('end', () => finish());
      stream.once('close', () => finish());
      stream.once('error', finish);
    });
    const consume = (bytes: Buffer): void => {
      if (this.#failure !== undefined && this.#failure !== stream.errored) return;
      try {
        takeBack(bytes.length);
        const wait = use(bytes);
        if (wait === undefined) return;
        stream.pause();
        this.#using = wait.then(
          () => void stream.resume(),
          (cause: Error) => this.#fail(cause),
        );
      } catch (cause) {
        this.#fail(cause as Error);
      }
    };
    // Deferred, so that the stream starts on its next piece before this one is looked at.
    stream.on('data', (bytes: Buffer) => process.nextTick(consume, bytes));
  }

  /** Whether the packed stream said that it is over: what is written then is not used. */
  get ended(): boolean {
    return this.#ended;
  }

  async write(bytes: Buffer): Promise<void> {
    if (!this.#ended) {
      await Promise.race([this.#done, new Promise<void>((resolve) => this.#stream.write(bytes, () => resolve()))]);
    }
    if (this.#failure !== undefined) throw await this.#settled();
  }

  async end(): Promise<void> {
    if (!this.#ended) this.#stream.end();
    await this.#done;
    const failure = await this.#settled();
    if (failure !== undefined) throw failure;
  }

  async #settled(): Promise<Error | undefined> {
    await new Promise((resolve) => process.nextTick(resolve));
    await this.#using;
    return this.#failure;
  }

  #fail(cause: Error): void {
    this.#failure = cause;
    this.#stream.destroy();
  }
}

/** V8 sees only small objects in front of large pieces, and lets more than 50 MiB of them lie. */
function takeBack(size: number): void {
  used += size;
  if (used < GARBAGE) return;
  used = 0;
  globalThis.gc?.({ type: 'minor' });
}
