import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';

/** SHA-256 of bytes that come piece by piece. */
export interface StreamHash {
  /** Takes the next bytes; they may be overwritten afterwards. */
  update(bytes: Buffer): void;
  /** `sha256:` and the digest in hexadecimal digits. */
  digest(): Promise<string>;
}

const SLOTS = 4;
const SLOT = 1024 * 1024;
/** Numbers of a slot: whether it is full, whose bytes it holds, how many, and whether they are the last. */
const FIELDS = 4;
/** Milliseconds that a slot may stay full: a thread that was never started, or died, must not hold a scan for ever. */
const PATIENCE = 30_000;
/** What V8 reserves for a thread by itself counts against the limits of the wall; this thread keeps nothing. */
const LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, codeRangeSizeMb: 4, stackSizeMb: 1 };
const NOTHING = new Uint8Array(0);

/** What runs on the thread: a loop that hashes slots in their order. Text, so that no file has to be found and read. */
const LOOP = `
const { createHash } = require('node:crypto');
const { parentPort, workerData } = require('node:worker_threads');
const { control, bytes } = workerData;
const hashes = new Map();
for (let slot = 0; ; slot = (slot + 1) % ${SLOTS}) {
  const at = slot * ${FIELDS};
  Atomics.wait(control, at, 0);
  const [, id, length, last] = control.subarray(at, at + ${FIELDS});
  if (!hashes.has(id)) hashes.set(id, createHash('sha256'));
  hashes.get(id).update(bytes.subarray(slot * ${SLOT}, slot * ${SLOT} + length));
  if (last) {
    parentPort.postMessage({ id, digest: 'sha256:' + hashes.get(id).digest('hex') });
    hashes.delete(id);
  }
  Atomics.store(control, at, 0);
  Atomics.notify(control, at);
}`;

let thread: HashThread | undefined;

/** Hashes on a thread of its own from now on: hashing takes as long as reading, and two cores do both at once. */
export function startHashThread(): void {
  thread ??= new HashThread();
}

/** A hash, on the thread where it was started. */
export function openHash(): StreamHash {
  if (thread !== undefined) return thread.open();
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: async () => `sha256:${hash.digest('hex')}` };
}

/** One thread and a ring of slots that bytes are copied into. Whoever fills it faster than it hashes waits. */
class HashThread {
  readonly #control = new Int32Array(new SharedArrayBuffer(SLOTS * FIELDS * 4));
  readonly #bytes = new Uint8Array(new SharedArrayBuffer(SLOTS * SLOT));
  readonly #waiting = new Map<number, PromiseWithResolvers<string>>();
  readonly #worker: Worker;
  #slot = 0;
  #ids = 0;

  constructor() {
    const workerData = { control: this.#control, bytes: this.#bytes };
    this.#worker = new Worker(LOOP, { eval: true, execArgv: [], workerData, resourceLimits: LIMITS });
    this.#worker.on('message', ({ id, digest }: { id: number; digest: string }) => {
      this.#waiting.get(id)?.resolve(digest);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#worker.unref();
    });
    this.#worker.on('error', (cause) => {
      for (const { reject } of this.#waiting.values()) reject(cause);
    });
    this.#worker.unref();
  }

  open(): StreamHash {
    const id = ++this.#ids;
    return {
      update: (bytes) => {
        for (let at = 0; at < bytes.length; at += SLOT) this.#put(id, bytes.subarray(at, at + SLOT), false);
      },
      digest: () => {
        const waiting = Promise.withResolvers<string>();
        this.#waiting.set(id, waiting);
        this.#worker.ref();
        this.#put(id, NOTHING, true);
        return waiting.promise;
      },
    };
  }

  #put(id: number, bytes: Uint8Array, last: boolean): void {
    const at = this.#slot * FIELDS;
    if (Atomics.wait(this.#control, at, 1, PATIENCE) === 'timed-out')
      throw new Error('the thread that hashes stands still');
    this.#bytes.set(bytes, this.#slot * SLOT);
    this.#control[at + 1] = id;
    this.#control[at + 2] = bytes.length;
    this.#control[at + 3] = Number(last);
    Atomics.store(this.#control, at, 1);
    Atomics.notify(this.#control, at);
    this.#slot = (this.#slot + 1) % SLOTS;
  }
}
