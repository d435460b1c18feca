import type { Distiller, DistillerStream, Ecosystem } from '../../ecosystems/ecosystem.ts';
import type { BodySink } from '../tar/tar-reader.ts';
import type { Fault } from './fault.ts';

/** Facts that one ecosystem took from a file. */
export interface Distillate {
  ecosystem: string;
  bytes: Buffer;
}

/** Who takes facts from files by what they are. */
export type TakesFacts = Pick<Ecosystem, 'name' | 'distil'>;

/** Who keeps what was taken. */
export interface FactKeeper {
  keepFacts(path: string, facts: Distillate[]): void;
  faults: Fault[];
}

interface Work {
  ecosystem: string;
  distiller: Distiller;
  stream: DistillerStream | undefined;
}

/** Enough to tell what a file is. */
const HEAD = 64;
/** Files that are gathered are at most so large, whatever a distiller would take. */
const LARGEST = 48 * 1024 * 1024;
/** Bytes of a room that is used again: most executables and archives are smaller. */
const ROOM = 6 * 1024 * 1024;
/** Rooms that wait for the next file. Only what was written of them takes memory. */
const ROOMS: Buffer[] = [];
const MOST_ROOMS = 2;

/**
 * Takes facts from the executables and archives of one layer while they pass. They may have hundreds of megabytes, two
 * layers pass at a time and the scan has 300 MiB, so no such file is kept: the first 64 bytes tell whether an ecosystem
 * reads it (for most files none does, and the rest is stepped over); then
 * - one that came in one piece is read where it lies,
 * - one up to its distiller's limit is gathered in a room that is used again for the next, or, if it is too large for
 *   that, in one of its own that is given back at once: none waits for the garbage collector while others are taken,
 * - a larger one is given on piece by piece where the distiller can read it so, and is otherwise an unknown.
 * Nothing goes to a disk: the process that reads strangers' layers may not write to one.
 */
export class FileDistillery implements BodySink {
  readonly #ecosystems: TakesFacts[];
  readonly #keeper: FactKeeper;
  #path = '';
  #size = 0;
  #sparse = false;
  #begun = false;
  #head: Buffer | undefined;
  #work: Work[] = [];
  #gathered: Buffer | undefined;
  #at = 0;
  #facts: Distillate[] = [];

  constructor(ecosystems: TakesFacts[], keeper: FactKeeper) {
    this.#ecosystems = ecosystems;
    this.#keeper = keeper;
  }

  /** Where the body of the next file goes. A layer's files come one after the other: there is one such place. */
  begin(path: string, size: number, sparse: boolean): BodySink {
    this.#path = path;
    this.#size = size;
    this.#sparse = sparse;
    this.#begun = false;
    this.#head = undefined;
    this.#leaveRoom();
    this.#at = 0;
    this.#work = [];
    this.#facts = [];
    return this;
  }

  write(bytes: Buffer): undefined {
    if (this.#begun) {
      if (this.#work.length > 0) this.#take(bytes);
      return;
    }
    const first = this.#head === undefined ? bytes : Buffer.concat([this.#head, bytes]);
    if (first.length < HEAD && first.length < this.#size) {
      this.#head = Buffer.from(first);
      return;
    }
    this.#begun = true;
    this.#choose(first.subarray(0, HEAD));
    if (this.#work.length > 0) this.#take(first);
  }

  end(): undefined {
    for (const { ecosystem, distiller, stream } of this.#work) {
      if (stream !== undefined) this.#keep(ecosystem, stream.end());
      else if (this.#gathered !== undefined) this.#keep(ecosystem, distiller.whole(this.#gathered));
    }
    if (this.#facts.length > 0) this.#keeper.keepFacts(this.#path, this.#facts);
    this.#leaveRoom();
  }

  #choose(bytes: Buffer): void {
    const size = this.#size;
    for (const ecosystem of this.#ecosystems) {
      const distiller = ecosystem.distil!({ path: this.#path, size, bytes });
      if (distiller === undefined) continue;
      const large = size > Math.min(distiller.largest, LARGEST);
      if (this.#sparse || (large && distiller.stream === undefined)) {
        this.#refuse(this.#sparse ? 'it is a sparse file' : `its ${size} bytes are more than can be held at once`);
      } else {
        const stream = large ? distiller.stream!() : undefined;
        this.#work.push({ ecosystem: ecosystem.name, distiller, stream });
      }
    }
  }

  #take(bytes: Buffer): void {
    const inPlace = this.#at === 0 && bytes.length === this.#size;
    for (const { stream } of this.#work) stream?.write(bytes);
    if (inPlace) this.#readInPlace(bytes);
    else if (this.#work.some(({ stream }) => stream === undefined)) {
      this.#gathered ??= roomFor(this.#size);
      bytes.copy(this.#gathered, this.#at);
    }
    this.#at += bytes.length;
  }

  /** The bytes are gone after this call: what reads them whole does it now. */
  #readInPlace(bytes: Buffer): void {
    for (const { ecosystem, distiller, stream } of this.#work) {
      if (stream === undefined) this.#keep(ecosystem, distiller.whole(bytes));
    }
    this.#work = this.#work.filter(({ stream }) => stream !== undefined);
  }

  #leaveRoom(): void {
    if (this.#gathered !== undefined) giveBack(this.#gathered.buffer as ArrayBuffer);
    this.#gathered = undefined;
  }

  #keep(ecosystem: string, bytes: Buffer | undefined): void {
    if (bytes !== undefined) this.#facts.push({ ecosystem, bytes });
  }

  #refuse(why: string): void {
    const message = `What a file holds was not read: ${why}`;
    this.#keeper.faults.push({ code: 'file-not-read', message, path: `/${this.#path}` });
  }
}

function roomFor(size: number): Buffer {
  const room = size > ROOM ? Buffer.allocUnsafeSlow(size) : (ROOMS.pop() ?? Buffer.allocUnsafeSlow(ROOM));
  return room.subarray(0, size);
}

function giveBack(room: ArrayBuffer): void {
  if (room.byteLength === ROOM && ROOMS.length < MOST_ROOMS) ROOMS.push(Buffer.from(room));
  // Moving nothing of it elsewhere frees it now.
  else room.transfer(0);
}
