import { crc32, deflateRawSync } from 'node:zlib';
import { type Inflater, OUTPUT_CHUNK, type Use } from './unpacker.ts';

/** Where `struct inflate_state` of libisal.so.2 (igzip_lib.h) has what is used of it, and its size. Held true by `works`. */
const [NEXT_OUT, AVAILABLE_OUT, NEXT_IN, READ_IN, AVAILABLE_IN, BITS_READ_IN, BLOCK_STATE] = [
  0, 8, 16, 24, 32, 36, 21_160,
];
const STATE_SIZE = 87_368;
/** `ISAL_BLOCK_FINISH`. */
const FINISHED = 5;
const INPUT_CHUNK = 256 * 1024;
/** Rooms that are kept for the next stream: files of many small streams would else ask for memory all the time. */
const ROOMS_KEPT = 2;

/** Memory outside of JavaScript, which ISA-L is given addresses of. */
interface Native {
  address: bigint;
  bytes: Buffer;
}

/** What one stream is inflated in: a piece is used while the next is made in the other output. */
interface Room {
  state: Native;
  input: Native;
  outputs: [Native, Native];
}

interface Isal {
  start(room: Room): void;
  /** Takes a step on a thread of its own; gives `ISAL_DECOMP_OK` (0) or what is wrong. */
  step(room: Room): Promise<number>;
  /** The same, here. */
  stepNow(room: Room): number;
  allocate(size: number): Native;
  free(room: Room): void;
}

let loading: Promise<Isal | undefined> | undefined;
const rooms: Room[] = [];

/** An inflater of ISA-L (libisal.so.2, through koffi); undefined where it is not there, or this process may not load it. */
export async function isalInflater(use: Use): Promise<Inflater | undefined> {
  loading ??= load();
  const isal = await loading;
  return isal && new IsalInflater(isal, use);
}

/** Gives up for good that this process may load libraries: what is foreign is looked at more closely from here on. */
export function refuseLibraries(): void {
  // Node's types do not know it yet.
  const permission = process.permission as { drop?(scope: string): void } | undefined;
  permission?.drop?.('addon');
}

async function load(): Promise<Isal | undefined> {
  if (process.permission?.has('addon') === false) return undefined;
  try {
    const isal = await openLibrary();
    return works(isal) ? isal : undefined;
  } catch {
    // Not installed, or not for this machine: Node's own takes its place.
    return undefined;
  } finally {
    refuseLibraries();
  }
}

async function openLibrary(): Promise<Isal> {
  const { default: koffi } = await import('koffi');
  const library = koffi.load('libisal.so.2');
  const start = library.func('void isal_inflate_init(void *state)');
  const inflate = library.func('int isal_inflate(void *state)');
  return {
    start: ({ state }) => start(state.address),
    stepNow: ({ state }) => inflate(state.address),
    step: ({ state }) =>
      new Promise((resolve, reject) => {
        inflate.async(state.address, (failure: Error | null, code: number) =>
          failure === null ? resolve(code) : reject(failure),
        );
      }),
    allocate: (size) => {
      const address = koffi.address(koffi.alloc('uint8_t', size));
      return { address, bytes: Buffer.from(koffi.view(address, size)) };
    },
    free: ({ state, input, outputs }) => {
      for (const { address } of [state, input, ...outputs]) koffi.free(address);
    },
  };
}

/** Whether a known stream comes out right, with its end where it is: the layout of the state is as we know it. */
function works(found: Isal): boolean {
  const content = Buffer.from('a stream that is known, known, known');
  const packed = deflateRawSync(content);
  const room = openRoom(found);
  found.start(room);
  give(room, Buffer.concat([packed, Buffer.from('what follows')]));
  const made = offer(room, 0);
  return (
    found.stepNow(room) === 0 &&
    hasEnded(room) &&
    crc32(made()) === crc32(content) &&
    restOf(room).toString() === 'what follows'
  );
}

class IsalInflater implements Inflater {
  readonly #isal: Isal;
  readonly #use: Use;
  readonly #room: Room;
  #open = true;
  #turn = 0;
  /** What came out last: it is used while the next comes out. */
  #pending: Buffer | undefined;

  constructor(isal: Isal, use: Use) {
    this.#isal = isal;
    this.#use = use;
    this.#room = rooms.pop() ?? openRoom(isal);
    isal.start(this.#room);
  }

  async write(bytes: Buffer): Promise<Buffer | undefined> {
    try {
      for (let at = 0; at < bytes.length; at += INPUT_CHUNK) {
        if (!(await this.#inflate(bytes.subarray(at, at + INPUT_CHUNK)))) continue;
        const rest = Buffer.concat([restOf(this.#room), bytes.subarray(at + INPUT_CHUNK)]);
        await this.close();
        return rest;
      }
      return undefined;
    } catch (cause) {
      await this.close();
      throw cause;
    }
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    try {
      await this.#usePending();
    } finally {
      if (rooms.length < ROOMS_KEPT) rooms.push(this.#room);
      else this.#isal.free(this.#room);
    }
  }

  /** Whether the stream ends in these bytes. */
  async #inflate(bytes: Buffer): Promise<boolean> {
    const room = this.#room;
    give(room, bytes);
    for (;;) {
      const made = offer(room, this.#turn);
      this.#turn = 1 - this.#turn;
      const step = this.#isal.step(room);
      const [code] = await Promise.all([
        step,
        this.#usePending().catch((cause) => step.then(() => Promise.reject(cause))),
      ]);
      this.#pending = made();
      if (code !== 0) throw new Error('its deflate stream is damaged');
      if (hasEnded(room)) return true;
      if (room.state.bytes.readUInt32LE(AVAILABLE_OUT) > 0) return false;
    }
  }

  async #usePending(): Promise<void> {
    const piece = this.#pending;
    this.#pending = undefined;
    if (piece !== undefined && piece.length > 0) await this.#use(piece);
  }
}

const openRoom = ({ allocate }: Pick<Isal, 'allocate'>): Room => ({
  state: allocate(STATE_SIZE),
  input: allocate(INPUT_CHUNK),
  outputs: [allocate(OUTPUT_CHUNK), allocate(OUTPUT_CHUNK)],
});

function give({ state, input }: Room, bytes: Buffer): void {
  bytes.copy(input.bytes);
  state.bytes.writeBigUInt64LE(input.address, NEXT_IN);
  state.bytes.writeUInt32LE(bytes.length, AVAILABLE_IN);
}

/** Names where the next bytes shall come out; gives what tells them afterwards. */
function offer({ state, outputs }: Room, turn: number): () => Buffer {
  const output = outputs[turn]!;
  state.bytes.writeBigUInt64LE(output.address, NEXT_OUT);
  state.bytes.writeUInt32LE(OUTPUT_CHUNK, AVAILABLE_OUT);
  return () => output.bytes.subarray(0, OUTPUT_CHUNK - state.bytes.readUInt32LE(AVAILABLE_OUT));
}

const hasEnded = ({ state }: Room): boolean => state.bytes.readUInt32LE(BLOCK_STATE) === FINISHED;

/** What follows the end: bytes that were taken in too early, and those that were not taken. */
function restOf({ state, input }: Room): Buffer {
  const bits = state.bytes.readInt32LE(BITS_READ_IN);
  const early = Buffer.alloc(8);
  early.writeBigUInt64LE(state.bytes.readBigUInt64LE(READ_IN) >> BigInt(bits % 8));
  const left = state.bytes.readUInt32LE(AVAILABLE_IN);
  const start = Number(state.bytes.readBigUInt64LE(NEXT_IN) - input.address);
  return Buffer.concat([early.subarray(0, bits >> 3), input.bytes.subarray(start, start + left)]);
}
